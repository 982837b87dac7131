/** interfaces(5), of ifupdown and ifupdown2, line by line: what is not changed stays as it is, byte for byte. */
import { normalKey, words } from './words.ts';

export const INTERFACES = '/etc/network/interfaces';

export interface Item {
  /** With its line ends, continuation lines included. */
  readonly raw: string;
  /** Its first line in the file, from 1. */
  readonly line: number;
  readonly kind: 'iface' | 'option' | 'auto' | 'source' | 'source-directory' | 'other';
  readonly words: readonly string[];
  /** Of an `iface` line and the options below it: the line of the former. */
  readonly stanza?: number;
}

/** A definition of an interface: several may stand for one. */
export interface Definition {
  readonly name: string;
  /** `inet` where ifupdown2 is told none. */
  readonly family: string;
  readonly method: string;
  readonly line: number;
  readonly options: readonly (readonly [key: string, value: string])[];
}

const SECTION =
  /^(?:iface|auto|allow-\S+|mapping|source|source-directory|vlan|rename|template|no-auto-down|no-scripts)$/;

/** A backslash at the end joins the next line. */
const logicalLines = (text: string): { raw: string; line: number }[] => {
  const all: { raw: string; line: number }[] = [];
  let raw = '';
  let start = 1;
  for (const [index, line] of text.split(/(?<=\n)/).entries()) {
    if (raw === '') start = index + 1;
    raw += line;
    const isComment = /^\s*#/.test(raw);
    if (!isComment && line.endsWith('\\\n')) continue;
    all.push({ raw, line: start });
    raw = '';
  }
  return raw === '' ? all : [...all, { raw, line: start }];
};

const kindOf = (first: string): Item['kind'] => {
  if (first === 'iface' || first === 'source' || first === 'source-directory') return first;
  return first === 'auto' ? 'auto' : 'other';
};

export const parse = (text: string): Item[] => {
  let stanza: number | undefined;
  return logicalLines(text).map(({ raw, line }): Item => {
    const found = raw.trimStart().startsWith('#') ? [] : words(raw.replaceAll('\\\n', ' '));
    const [first] = found;
    if (first === undefined) return { raw, line, kind: 'other', words: [] };
    if (SECTION.test(first)) {
      const kind = kindOf(first);
      stanza = kind === 'iface' ? line : undefined;
      return { raw, line, kind, words: found, ...(stanza === undefined ? {} : { stanza }) };
    }
    return stanza === undefined
      ? { raw, line, kind: 'other', words: found }
      : { raw, line, kind: 'option', words: found, stanza };
  });
};

export const textOf = (items: readonly Item[]): string => items.map(({ raw }) => raw).join('');

export const nameOf = ({ words: [, name = ''] }: Item): string => name;
/** ifupdown2 may be told neither family nor method. */
export const familyOfHeader = ({ words: all }: Item): string => all[2] ?? 'inet';
export const keyOf = ({ words: [key = ''] }: Item): string => normalKey(key);
export const valueOf = ({ words: [, ...rest] }: Item): string => rest.join(' ');

export const optionsOf = (items: readonly Item[], stanza: number): Item[] =>
  items.filter((item) => item.kind === 'option' && item.stanza === stanza);

export const definitionsIn = (items: readonly Item[]): Definition[] =>
  items
    .filter(({ kind }) => kind === 'iface')
    .map((header) => ({
      name: nameOf(header),
      family: familyOfHeader(header),
      method: header.words[3] ?? 'static',
      line: header.line,
      options: optionsOf(items, header.line).map((item) => [keyOf(item), valueOf(item)] as const),
    }));

export const isAuto = (items: readonly Item[], name: string): boolean =>
  items.some((item) => item.kind === 'auto' && item.words.slice(1).includes(name));

const isBlank = ({ raw }: Item): boolean => raw.trim() === '';

/** Without these; of the blank lines before and after what is gone, one is enough. */
export const without = (items: readonly Item[], gone: ReadonlySet<Item>): Item[] => {
  const rest: Item[] = [];
  const endsBlank = (): boolean => rest.at(-1)?.raw.trim() === '' || rest.length === 0;
  let cut = false;
  for (const item of items) {
    if (gone.has(item)) cut = true;
    else if (!(cut && isBlank(item) && endsBlank())) {
      rest.push(item);
      cut &&= isBlank(item);
    }
  }
  if (cut && endsBlank()) rest.pop();
  return rest;
};

/** Of the lines of a stanza the last, with the remarks that Proxmox VE keeps right below it. */
export const endOf = (items: readonly Item[], stanza: number): number => {
  let end = items.findLastIndex((item) => item.stanza === stanza);
  for (let next = items[end + 1]; next?.raw.startsWith('#'); next = items[end + 1]) end += 1;
  return end;
};

export const headersOf = (items: readonly Item[], name: string): Item[] =>
  items.filter((item) => item.kind === 'iface' && nameOf(item) === name);

/** As the lines beside it. */
export const indentOf = (items: readonly Item[], stanza: number): string =>
  /^[ \t]*/.exec(optionsOf(items, stanza)[0]?.raw ?? '\t')?.[0] ?? '\t';

/** A last line without an end would swallow the next. */
export const ended = (raw: string): string => (raw.endsWith('\n') ? raw : `${raw}\n`);
