/** smb.conf(5) as text: sections and the lines in them. */
import { canonical, type Parameter } from './parameters.ts';

export interface Section {
  readonly name: string;
  /** Of the file, from 1 on. */
  readonly line: number;
  /** Without comments and empty ones; a line that goes on in the next is one. */
  readonly lines: readonly string[];
}

interface Line {
  readonly text: string;
  readonly number: number;
}

/** A backslash at the end takes the next line along. */
const logicalLines = (text: string): Line[] => {
  const lines: Line[] = [];
  let open: Line | undefined;
  text.split('\n').forEach((raw, index) => {
    const { text: head, number }: Line = open ?? { text: '', number: index + 1 };
    const whole = head + raw.trim();
    open = whole.endsWith('\\') ? { text: whole.slice(0, -1), number } : undefined;
    if (open === undefined) lines.push({ text: whole, number });
  });
  return open === undefined ? lines : [...lines, open];
};

const isNothing = (text: string): boolean => text === '' || text.startsWith('#') || text.startsWith(';');

/** What stands before the first header belongs to [global], as Samba has it. */
export const sectionsOf = (text: string): Section[] => {
  const sections: { name: string; line: number; lines: string[] }[] = [];
  for (const { text: line, number } of logicalLines(text)) {
    if (isNothing(line)) continue;
    const header = /^\[([^\]]*)\]/.exec(line)?.[1];
    if (header !== undefined)
      sections.push({ name: header.trim().replace(/\s+/g, ' '), line: number, lines: [] });
    else if (sections.length === 0) sections.push({ name: 'global', line: number, lines: [line] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections;
};

const parameterOf = (line: string): Parameter => {
  const equals = line.indexOf('=');
  return equals === -1 ? [line, ''] : [line.slice(0, equals).trim(), line.slice(equals + 1).trim()];
};

/** The parameters of a section by their own names, in one spelling; the last of two counts. */
export const settingsOf = (lines: readonly string[]): ReadonlyMap<string, string> =>
  new Map(lines.map((line) => canonical(...parameterOf(line))));

/** Names of shares are the same whatever their case. */
export const sameName = (name: string): string => name.toLowerCase();

export const includesOf = (lines: readonly string[]): string[] =>
  lines.map(parameterOf).flatMap(([name, value]) => (name.toLowerCase() === 'include' ? [value] : []));
