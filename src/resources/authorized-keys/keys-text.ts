import { fingerprintOf, identityOf, parseKey, renderKey, type Key } from './key-line.ts';

export interface KeyChange {
  readonly fingerprint: string;
  readonly from: string | null;
  readonly to: string | null;
}

export interface Edit {
  readonly text: string;
  readonly changes: readonly KeyChange[];
  /** How many keys are left. */
  readonly left: number;
}

const keysOf = (lines: readonly string[]): Map<string, Key> => {
  const keys = new Map<string, Key>();
  for (const line of lines) {
    const key = parseKey(line);
    if (key !== undefined) keys.set(identityOf(key), key);
  }
  return keys;
};

const isNote = (line: string): boolean => /^\s*(#|$)/.test(line);

/** What becomes of a line; null if it goes. */
const settle = (
  line: string,
  key: Key | undefined,
  want: Key | undefined,
  first: boolean,
  exact: boolean,
) => {
  if (key === undefined) return exact && !isNote(line) ? null : line;
  if (want === undefined) return exact ? null : line;
  if (!first) return null;
  return renderKey(key) === renderKey(want) ? line : renderKey(want);
};

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/**
 * The new text of the file. A key that is wanted stays in its place, with the wanted options; a second line with the
 * same key goes, because sshd tries it when the options of the first do not let somebody in.
 */
export const editKeys = (keys: readonly string[], text: string, exact: boolean): Edit => {
  const wanted = keysOf(keys);
  const missing = new Map(wanted);
  const changes: KeyChange[] = [];
  const lines: string[] = [];
  let left = 0;
  for (const line of linesOf(text)) {
    const key = parseKey(line);
    const identity = key && identityOf(key);
    const first = identity !== undefined && missing.delete(identity);
    const to = settle(line, key, wanted.get(identity ?? ''), first, exact);
    if (to !== line) changes.push({ fingerprint: key ? fingerprintOf(key) : 'no key', from: line, to });
    if (to !== null) lines.push(to);
    if (to !== null && key) left++;
  }
  for (const key of missing.values()) {
    changes.push({ fingerprint: fingerprintOf(key), from: null, to: renderKey(key) });
    lines.push(renderKey(key));
  }
  return {
    // byte for byte as it was if nothing changes, even without a last newline
    text: changes.length === 0 ? text : lines.map((line) => `${line}\n`).join(''),
    changes,
    left: left + missing.size,
  };
};
