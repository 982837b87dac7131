/** Changes of the interfaces file: only lines that say something else than is wanted, of one interface. */
import { FAMILIES } from './want.ts';
import { withFamily } from './edit-family.ts';
import {
  ended,
  endOf,
  headersOf,
  indentOf,
  isAuto,
  keyOf,
  nameOf,
  optionsOf,
  parse,
  textOf,
  valueOf,
  without,
  type Item,
} from './interfaces-file.ts';
import type { Setting, Wanted } from './schema.ts';
import { normalKey, normalValue } from './words.ts';

/** `auto` and `allow-hotplug` take several names. */
const withoutWord = (item: Item, name: string): Item[] => {
  const [first = '', ...names] = item.words;
  const rest = names.filter((one) => one !== name);
  if (rest.length === names.length) return [item];
  return rest.length === 0 ? [] : [{ ...item, raw: `${first} ${rest.join(' ')}\n` }];
};

const line = (raw: string): Item => ({ raw, line: 0, kind: 'other', words: [] });

const withAuto = (text: string, name: string, auto: boolean): string => {
  const items = parse(text);
  if (isAuto(items, name) === auto) return text;
  if (!auto)
    return textOf(items.flatMap((item) => (item.kind === 'auto' ? withoutWord(item, name) : [item])));
  const at = items.findIndex((item) => item.kind === 'iface' && nameOf(item) === name);
  return textOf(items.toSpliced(at, 0, line(`auto ${name}\n`)));
};

const sameValues = (key: string, found: readonly Item[], values: readonly string[]): boolean =>
  found.length === values.length &&
  found.every((item, index) => normalValue(key, valueOf(item)) === normalValue(key, values[index] ?? ''));

const withSetting = (text: string, name: string, { key, values, implied }: Setting): string => {
  const items = parse(text).map((item) => ({ ...item, raw: ended(item.raw) }));
  const headers = headersOf(items, name);
  const [base] = headers;
  const mine = new Set(headers.map((header) => header.line));
  const found = items.filter(
    (item) => item.kind === 'option' && mine.has(item.stanza ?? 0) && keyOf(item) === normalKey(key),
  );
  if (base === undefined || sameValues(normalKey(key), found, values)) return text;
  if (found.length === 0 && implied) return text;
  const last = optionsOf(items, base.line).at(-1) ?? base;
  const place = found[0] ?? last;
  const indent = indentOf(items, place.stanza ?? base.line);
  const added = values.map((value) => line(`${indent}${key} ${value}\n`));
  return textOf(
    items.flatMap((item) => {
      if (item === place) return found.includes(item) ? added : [item, ...added];
      return found.includes(item) ? [] : [item];
    }),
  );
};

/** A blank line before, and none too many. */
const appended = (text: string, block: string): string => {
  const ending = text === '' ? '' : ended(text);
  return `${ending}${ending === '' || ending.endsWith('\n\n') ? '' : '\n'}${block}`;
};

/** The text as it must be; the very same one if nothing in it differs in its meaning. */
export const withInterface = (text: string, wanted: Wanted): string => {
  const { name } = wanted;
  const begun =
    headersOf(parse(text), name).length > 0
      ? text
      : appended(text, `iface ${name} inet ${wanted.inet.method}\n`);
  const addressed = FAMILIES.reduce((now, family) => withFamily(now, name, family, wanted[family]), begun);
  const set = wanted.settings.reduce((now, setting) => withSetting(now, name, setting), addressed);
  return withAuto(set, name, wanted.auto);
};

/** The text without the interface and what stands within its lines. */
export const withoutInterface = (text: string, name: string): string => {
  const items = parse(text);
  const stanzas = headersOf(items, name).flatMap(({ line: stanza }) => {
    const from = items.findIndex((item) => item.line === stanza);
    return items.slice(from, endOf(items, stanza) + 1);
  });
  const isStart = (item: Item): boolean => /^(?:auto|allow-\S+)$/.test(item.words[0] ?? '');
  const lone = items.filter((item) => isStart(item) && withoutWord(item, name).length === 0);
  const rest = without(items, new Set([...stanzas, ...lone]));
  return textOf(rest.flatMap((item) => (isStart(item) ? withoutWord(item, name) : [item])));
};
