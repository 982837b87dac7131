/** How values and paths appear in messages: short, on one line, and unable to steer a terminal. */
import type { Path } from './problem.ts';

const MAX_SHOWN = 60;

/** Control, bidirectional and invisible characters; a message made of manifest text must not carry them. */
const UNSAFE = /[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

const SHORT_FORM: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

export const escapeUnsafe = (text: string): string =>
  text.replace(
    UNSAFE,
    (character) => SHORT_FORM[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const shorten = (text: string): string => {
  const characters = Array.from(text);
  return characters.length <= MAX_SHOWN ? text : `${characters.slice(0, MAX_SHOWN - 1).join('')}…`;
};

export const showText = (text: string): string => `"${escapeUnsafe(shorten(text))}"`;

export const showValue = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return showText(value);
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return String(value);
  if (!Array.isArray(value)) return 'a mapping';
  return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
};

const MAX_LISTED = 12;

export const showList = (words: readonly string[], last = ', '): string => {
  const listed = words.slice(0, MAX_LISTED).map(escapeUnsafe);
  const rest = words.length - listed.length;
  if (rest > 0) return `${listed.join(', ')} and ${rest} more`;
  return [listed.slice(0, -1).join(', '), ...listed.slice(-1)].filter((part) => part !== '').join(last);
};

/** `initial.ntp.servers[0]`, `initial.sysctl["vm.swappiness"]`. */
export const showPath = (path: Path): string =>
  path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      const name = String(part);
      if (!/^[A-Za-z_][\w-]*$/.test(name)) return `[${showText(name)}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join('');
