/** Files of exports(5): whose lines they have, and how ours are written. */
import { escapeOctal, unescapeOctal } from '../../facts/octal.ts';
import type { Written } from './schema.ts';

export const OUR_FILE = '/etc/exports.d/phoenix.exports';
const HEADER = '# managed by phoenix: NfsExport; each line that is in the manifest is kept as it is there\n';

/** One export of a file, at its first line. */
export interface Entry {
  readonly path: string;
  readonly line: number;
  readonly clients: readonly { readonly host: string; readonly options: readonly string[] }[];
  /** The lines as they stand, without the newline. */
  readonly text: string;
}

interface Logical {
  readonly line: number;
  readonly text: string;
  readonly raw: string;
}

/** A backslash at its end continues a line. */
const logicalLines = (content: string): Logical[] => {
  const lines: Logical[] = [];
  let open: Logical | undefined;
  for (const [index, raw] of content.replace(/\n$/, '').split('\n').entries()) {
    const continued = raw.endsWith('\\');
    const text = continued ? raw.slice(0, -1) : raw;
    open =
      open === undefined
        ? { line: index + 1, text, raw }
        : { line: open.line, text: `${open.text} ${text}`, raw: `${open.raw}\n${raw}` };
    if (continued) continue;
    lines.push(open);
    open = undefined;
  }
  return open === undefined ? lines : [...lines, open];
};

/**
 * Blanks (of ASCII) part the words, but not inside quotes, which may begin anywhere. What follows a `#` is a comment.
 */
const wordsOf = (text: string): string[] => {
  const words: string[] = [];
  for (const [token] of text.matchAll(/(?:"[^"]*"?|[^ \t\r"#])+|#.*/g))
    if (!token.startsWith('#')) words.push(unescapeOctal(token.replaceAll('"', '')));
  return words;
};

const optionsIn = (text: string): string[] => text.split(',').filter((option) => option !== '');

/** `host(options)`, `host`, or `-options` for all hosts that follow. */
const clientsOf = (words: readonly string[]): Entry['clients'] => {
  const clients: { host: string; options: readonly string[] }[] = [];
  let defaults: readonly string[] = [];
  for (const word of words) {
    if (word.startsWith('-')) {
      defaults = optionsIn(word.slice(1));
      continue;
    }
    const [, host = '', options = ''] = /^([^(]*)\(?([^)]*)\)?$/.exec(word) ?? [];
    clients.push({ host: host === '' ? '*' : host, options: [...defaults, ...optionsIn(options)] });
  }
  return clients;
};

export const parseExports = (content: string): Entry[] =>
  logicalLines(content).flatMap(({ line, text, raw }) => {
    const [path, ...words] = wordsOf(text);
    return path === undefined ? [] : [{ path, line, clients: clientsOf(words), text: raw }];
  });

export const renderLine = (path: string, clients: readonly Written[]): string =>
  `${escapeOctal(path)} ${clients.map(({ host, options }) => `${host}(${options})`).join(' ')}`;

/** Our file with these lines in place of those that it has for their paths; undefined takes a line away. */
export const editExports = (
  content: string | undefined,
  lines: ReadonlyMap<string, string | undefined>,
): string => {
  const left = new Map(lines);
  const texts = logicalLines(content ?? HEADER).flatMap(({ text, raw }) => {
    const [path] = wordsOf(text);
    if (path === undefined || !lines.has(path)) return [raw];
    const wanted = left.get(path);
    left.delete(path);
    // Of two lines for one path the first is replaced.
    return wanted === undefined ? [] : [wanted];
  });
  for (const line of left.values()) if (line !== undefined) texts.push(line);
  return `${texts.join('\n')}\n`;
};
