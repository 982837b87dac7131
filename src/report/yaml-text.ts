/** YAML as an operator writes it: everything that a reader of YAML could mistake is quoted. */
import { Document, isScalar, Scalar, visit, type ParsedNode } from 'yaml';
import { isNumberLike } from '../manifest/scalars.ts';

const WORDS = /^(?:y|n|yes|no|true|false|null|~)$/i;

/** A document whose texts stay texts, to be printed with `yamlOf`. */
export const documentOf = (value: unknown): Document => {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (key, node) => {
      if (!isScalar(node) || typeof node.value !== 'string') return;
      if (key === 'key' ? isNumberLike(node.value) : isNumberLike(node.value) || WORDS.test(node.value))
        node.type = Scalar.QUOTE_SINGLE;
    },
  });
  return document;
};

export const yamlOf = (document: Document | Document<ParsedNode>): string =>
  document.toString({ lineWidth: 0, singleQuote: true });
