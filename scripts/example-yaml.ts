/** Examples as an operator writes them: everything that a reader of YAML could mistake is quoted. */
import { Document, isScalar, Scalar, visit } from 'yaml';
import { isNumberLike } from '../src/manifest/scalars.ts';

const WORDS = /^(?:y|n|yes|no|true|false|null|~)$/i;

export const exampleYaml = (value: unknown): string => {
  const document = new Document(value);
  visit(document, {
    Scalar: (key, node) => {
      if (key === 'key' || !isScalar(node) || typeof node.value !== 'string') return;
      if (isNumberLike(node.value) || WORDS.test(node.value)) node.type = Scalar.QUOTE_SINGLE;
    },
  });
  return document.toString({ lineWidth: 0, singleQuote: true });
};
