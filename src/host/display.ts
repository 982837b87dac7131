/** How commands and foreign text are shown: one line, quoted, without control characters that act on a terminal. */
import type { Command } from './host.ts';

// C0 and C1 controls but for newline and tab, and the bidirectional overrides that can make text lie.
const HOSTILE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const escapeCharacter = (character: string): string => {
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
};

export const escapeControls = (text: string): string => text.replace(HOSTILE, escapeCharacter);

const quote = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word)
    ? word
    : `'${escapeControls(word).replaceAll("'", `'\\''`).replaceAll('\n', '\\n')}'`;

/** The command as one could type it. What goes to standard input is never shown. */
export const displayArgv = ({ program, args }: Pick<Command, 'program' | 'args'>): string =>
  [program, ...args].map(quote).join(' ');

export const lastLines = (text: string, count: number): string =>
  escapeControls(text)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-count)
    .map((line) => `  ${line.slice(0, 500)}`)
    .join('\n');
