/**
 * The fast reader: js-yaml, four times as fast as `yaml`, but without positions. It reads only what is beyond doubt and
 * answers undefined for all the rest, so that the slow reader alone decides what is refused and why
 * (docs/decisions/0001-two-yaml-parsers.md).
 */
import {
  constructFromEvents,
  defineMappingTag,
  defineScalarTag,
  EVENT_ID,
  NOT_RESOLVED,
  parseEvents,
  Schema,
  seqTag,
  strTag,
  type Event,
} from 'js-yaml';
import { CANONICAL_NUMBER, isNumberLike } from './scalars.ts';

export const MAX_DEPTH = 64;

/**
 * Where js-yaml 5.5 and yaml 2.9 were seen to differ: tabs for indentation, document markers, a line that starts with
 * a colon, a dash alone on its line, an escaped line break before an empty line, and block scalars that say their
 * indentation or keep their trailing line breaks.
 */
const DOUBTFUL = /^ *[\t:]|^(?:---|\.\.\.)|^[ -]*-[ \t]*\r?$|\\\r?\n[ \t]*\r?$|[|>]-?[0-9+]/m;

/** As above, but harmless in a scalar: text right after a closing bracket, and a value on the line after a comment. */
const DOUBTFUL_OUTSIDE = /[}\]][^\s,:}\]]|^ *#.*\r?\n(?:[ \t]*\r?\n)* +[^\s#-][^:\n]*$/gm;

class Doubt extends Error {}

const onlyOnLoad = { identify: () => false };

const nullTag = defineScalarTag('tag:yaml.org,2002:null', {
  implicit: true,
  implicitFirstChars: ['', '~', 'n', 'N'],
  resolve: (source) => (/^(?:|~|null|Null|NULL)$/.test(source) ? null : NOT_RESOLVED),
  ...onlyOnLoad,
});

const boolTag = defineScalarTag('tag:yaml.org,2002:bool', {
  implicit: true,
  implicitFirstChars: ['t', 'T', 'f', 'F'],
  resolve: (source) => {
    if (/^(?:true|True|TRUE)$/.test(source)) return true;
    return /^(?:false|False|FALSE)$/.test(source) ? false : NOT_RESOLVED;
  },
  ...onlyOnLoad,
});

const numberTag = defineScalarTag('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: ['-', '+', '.', ...Array.from('0123456789')],
  resolve: (source) => {
    if (CANONICAL_NUMBER.test(source)) return Number(source);
    if (isNumberLike(source)) throw new Doubt();
    return NOT_RESOLVED;
  },
  ...onlyOnLoad,
});

const mergeTag = defineScalarTag('tag:yaml.org,2002:merge', {
  implicit: true,
  implicitFirstChars: ['<'],
  resolve: (source) => {
    if (source === '<<') throw new Doubt();
    return NOT_RESOLVED;
  },
  ...onlyOnLoad,
});

const mapTag = defineMappingTag<Record<string, unknown>>('tag:yaml.org,2002:map', {
  create: () => ({}),
  addPair: (map, key, value) => {
    if (typeof key !== 'string' || key === '__proto__') throw new Doubt();
    map[key] = value;
    return '';
  },
  has: (map, key) => Object.hasOwn(map, String(key)),
  keys: Object.keys,
  get: (map, key) => map[String(key)],
  ...onlyOnLoad,
});

const schema = new Schema([nullTag, boolTag, numberTag, mergeTag, strTag, seqTag, mapTag]);

const hasDoubtfulStructure = (text: string, events: readonly Event[]): boolean => {
  let next = 0;
  for (const { index } of text.matchAll(DOUBTFUL_OUTSIDE)) {
    for (; next < events.length; next += 1) {
      const event = events[next];
      if (event?.type === EVENT_ID.SCALAR && event.valueEnd > index) break;
    }
    const scalar = events[next];
    if (scalar?.type !== EVENT_ID.SCALAR || scalar.valueStart > index) return true;
  }
  return false;
};

/** js-yaml reads text right after a closing quote as a scalar of its own. */
const hasTextAfterQuote = (text: string, events: readonly Event[]): boolean =>
  events.some((event) => {
    if (event.type !== EVENT_ID.SCALAR) return false;
    const quote = text[event.valueEnd];
    const isQuoted = (quote === "'" || quote === '"') && text[event.valueStart - 1] === quote;
    return isQuoted && /[^\s,:}\]]/.test(text[event.valueEnd + 1] ?? '');
  });

const isPlain = (event: Event): boolean => {
  switch (event.type) {
    case EVENT_ID.ALIAS:
      return false;
    case EVENT_ID.DOCUMENT:
      return event.directives.length === 0 && !event.explicitStart && !event.explicitEnd;
    case EVENT_ID.SCALAR:
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      return event.anchorStart === -1 && event.tagStart === -1;
    case EVENT_ID.POP:
      return true;
  }
};

/** The value of the one plain document in the text, or undefined if there is any doubt about it. */
export const readFast = (text: string): unknown => {
  if (DOUBTFUL.test(text)) return undefined;
  try {
    const events = parseEvents(text, { maxDepth: MAX_DEPTH });
    if (!events.every(isPlain) || hasDoubtfulStructure(text, events) || hasTextAfterQuote(text, events))
      return undefined;
    const documents = constructFromEvents(events, { source: text, schema });
    const [document] = documents;
    return documents.length === 1 && typeof document === 'object' ? (document ?? undefined) : undefined;
  } catch {
    return undefined;
  }
};
