/** JSON of others, and in which line of it a value stands. */
import { parseDocument } from 'yaml';
import { offsetOf } from './nodes.ts';
import { Places } from './place.ts';
import type { Path } from './problem.ts';

export interface Located {
  readonly value: unknown;
  /** Of a value, the line of its key. */
  lineOf(path: Path): number | undefined;
}

/** Throws a SyntaxError that says where, as JSON.parse does. */
export const readLocatedJson = (text: string): Located => {
  const value: unknown = JSON.parse(text);
  // all JSON is YAML, and this parser knows positions
  const document = parseDocument(text, { uniqueKeys: false });
  const places = new Places(text);
  return {
    value,
    lineOf(path) {
      const offset = offsetOf(document, path, 'key');
      return offset === undefined ? undefined : places.position(offset).line;
    },
  };
};
