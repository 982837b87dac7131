/** Edits a .fw file of Proxmox VE: single options, and the rules that are ours. Every other byte stays as it is. */
import { isOurs, ruleKey } from './rules.ts';

const HEADER = /^\[([^\]\s]+)(?:\s+[^\]]*)?\]/;

const sectionOf = (line: string): string | undefined => HEADER.exec(line)?.[1]?.toLowerCase();

interface Section {
  /** Of its header. */
  readonly at: number;
  /** Behind its last line. */
  readonly end: number;
}

const find = (lines: readonly string[], name: string): Section | undefined => {
  const at = lines.findIndex((line) => sectionOf(line) === name);
  if (at === -1) return undefined;
  const next = lines.findIndex((line, index) => index > at && sectionOf(line) !== undefined);
  return { at, end: next === -1 ? lines.length : next };
};

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
const textOf = (lines: readonly string[]): string => (lines.length === 0 ? '' : `${lines.join('\n')}\n`);

const keyOf = (line: string): string | undefined => /^\s*([a-z0-9_]+)\s*:/i.exec(line)?.[1]?.toLowerCase();

export const readOption = (text: string, option: string): string | undefined => {
  const lines = linesOf(text);
  const section = find(lines, 'options');
  const own = section && lines.slice(section.at + 1, section.end).findLast((line) => keyOf(line) === option);
  return own === undefined ? undefined : own.slice(own.indexOf(':') + 1).trim();
};

export const setOption = (text: string, option: string, value: string): string => {
  if (readOption(text, option)?.toUpperCase() === value.toUpperCase()) return text;
  const lines = linesOf(text);
  const section = find(lines, 'options');
  const line = `${option}: ${value}`;
  if (section === undefined) return textOf(['[OPTIONS]', '', line, '', ...lines]);
  const found = lines.findLastIndex(
    (one, index) => index > section.at && index < section.end && keyOf(one) === option,
  );
  if (found !== -1) return textOf(lines.with(found, line));
  const isSpaced = lines[section.at + 1] === '';
  return textOf(lines.toSpliced(section.at + (isSpaced ? 2 : 1), 0, line));
};

const isRule = (line: string): boolean => /^\|?[A-Za-z]/.test(line);

/** Ours in their order, before all others: the first rule that matches decides. */
const isSo = (rules: readonly string[], wanted: readonly string[]): boolean => {
  const ours = rules.filter(isOurs).map(ruleKey);
  return (
    JSON.stringify(ours) === JSON.stringify(wanted.map(ruleKey)) && rules.slice(0, ours.length).every(isOurs)
  );
};

export const setRules = (text: string, wanted: readonly string[]): string => {
  const lines = linesOf(text);
  const section = find(lines, 'rules');
  if (section === undefined)
    return wanted.length === 0
      ? text
      : textOf([
          ...lines,
          ...(lines.length === 0 || lines.at(-1) === '' ? [] : ['']),
          '[RULES]',
          '',
          ...wanted,
        ]);
  const body = lines.slice(section.at + 1, section.end);
  if (isSo(body.filter(isRule), wanted)) return text;
  const rest = body.filter((line) => !isOurs(line));
  const blank = rest[0] === '' ? [''] : [];
  return textOf([
    ...lines.slice(0, section.at + 1),
    ...blank,
    ...wanted,
    ...rest.slice(blank.length),
    ...lines.slice(section.end),
  ]);
};
