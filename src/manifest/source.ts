/** From bytes to text: what is refused before any parser sees it. */
import type { Finding } from './problem.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Control characters; those that make text read as another (bidirectional, byte order mark); and those that only some
 * readers take for a line break (a lone CR; NEL, LS and PS in YAML 1.1).
 */
const UNPRINTABLE =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\r(?!\n)/;

export type Source = { readonly text: string } | { readonly finding: Finding };

const refuse = (message: string, hint?: string, offset?: number): Source => ({
  finding: {
    path: [],
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(offset === undefined ? {} : { offset }),
  },
});

const decode = (bytes: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** The first line that is not UTF-8: a line break byte is never part of a longer sequence. */
const badLine = (bytes: Buffer): number => {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const found = bytes.indexOf(0x0a, start);
    const end = found === -1 ? bytes.length : found + 1;
    if (decode(bytes.subarray(start, end)) === undefined) return line;
    start = end;
  }
  return line;
};

const codeOf = (character: string): string =>
  `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

const refuseUnprintable = (text: string, offset: number): Source => {
  const character = text[offset] ?? '';
  if (character === '\0') return refuse('a NUL byte, where text was expected', undefined, offset);
  return refuse(
    `the control character ${codeOf(character)}, where printable text was expected`,
    `inside double quotes write \\u${codeOf(character).slice(2).toLowerCase()}`,
    offset,
  );
};

/** The text of a manifest, or the one reason why it is none. */
export const readSource = (bytes: Buffer): Source => {
  if (bytes.length > MAX_BYTES)
    return refuse(`the file has ${bytes.length} bytes, expected at most ${MAX_BYTES} (4 MiB)`);
  const text = decode(bytes);
  if (text === undefined)
    return refuse(`not UTF-8: line ${badLine(bytes)} has an invalid byte sequence`, 'save the file as UTF-8');
  if (text.startsWith('\ufeff'))
    return refuse(
      'the file starts with a byte order mark, expected plain UTF-8',
      'save it as "UTF-8 without BOM"',
      0,
    );
  const unprintable = text.search(UNPRINTABLE);
  if (unprintable !== -1) return refuseUnprintable(text, unprintable);
  return { text };
};
