/** The slow reader: `yaml`, which knows where everything stands and reports every error of the text. */
import { isMap, parseDocument, type Document, type YAMLError } from 'yaml';
import { depthFinding } from './depth.ts';
import { lintDocument } from './lint.ts';
import type { Finding } from './problem.ts';

export interface ReadDocument {
  readonly document?: Document;
  /** Undefined after a syntax error: then nothing can be said about the content. */
  readonly value?: unknown;
  readonly findings: readonly Finding[];
  /** Places of which the schema's opinion is not wanted: what stood there has been refused already. */
  readonly refused?: ReadonlySet<number | undefined>;
}

/** Where the parser's own words speak of its grammar. */
const WORDINGS: readonly (readonly [RegExp, string])[] = [
  [/^Invalid escape sequence/, 'a backslash sequence that YAML does not know, inside double quotes'],
  [/^Nested mappings are not/, 'a second "key: value" in one line, or a wrong indentation'],
  [/^Implicit keys need to be on/, 'a key that goes over several lines; is a colon missing?'],
  [/^Implicit map keys need/, 'a key without a colon'],
  [/^Source contains multiple/, 'a second document, where one was expected'],
  [/^Tabs are not allowed/, 'a tab used for indentation, where spaces were expected'],
  [/^Missing closing "quote/, 'a double quote that is not closed'],
  [/^Missing closing 'quote/, 'a single quote that is not closed'],
  [/^Flow sequence.*end with a \]/, 'a "[" whose "]" is missing, or stands too far to the left'],
  [/^Flow map.*end with a \}/, 'a "{" whose "}" is missing, or stands too far to the left'],
];

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const findingOf = ({ message, pos }: YAMLError): Finding => {
  const wording = WORDINGS.find(([pattern]) => pattern.test(message))?.[1];
  return {
    path: [],
    offset: pos[0],
    message: `not YAML: ${wording ?? lowerFirst(message.split('\n')[0] ?? '')}`,
  };
};

/** A directive may change how everything after it is read. */
const directives = (text: string, { directives: declared }: Document): Finding[] => {
  const explicit = declared?.yaml.explicit === true || Object.keys(declared?.tags ?? {}).length > 1;
  if (!explicit) return [];
  return [
    { path: [], offset: Math.max(0, text.search(/^%/m)), message: 'a YAML directive, where none is allowed' },
  ];
};

const parse = (text: string): Document =>
  parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
  });

const syntax = (text: string, document: Document): Finding[] => {
  // An unknown tag is only a warning; the linter refuses all of them.
  const warnings = document.warnings.filter(({ code }) => code !== 'TAG_RESOLVE_FAILED');
  const errors = document.errors.filter(({ code }) => code !== 'TAG_RESOLVE_FAILED');
  return [...directives(text, document), ...[...errors, ...warnings].map(findingOf)];
};

const NO_MAPPING = 'expected a mapping of sections, such as "version: 1"';

export const readDocument = (text: string): ReadDocument => {
  const deep = depthFinding(text);
  if (deep !== undefined) return { findings: [deep] };
  const document = parse(text);
  const errors = syntax(text, document);
  if (errors.length > 0) return { document, findings: errors };
  if (document.contents === null)
    return { document, findings: [{ path: [], message: `the file is empty; ${NO_MAPPING}` }] };
  if (!isMap(document.contents))
    return {
      document,
      findings: [{ path: [], offset: document.contents.range?.[0] ?? 0, message: NO_MAPPING }],
    };
  return { document, ...lintDocument(document) };
};
