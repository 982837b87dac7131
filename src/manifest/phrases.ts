/** What was expected, in an operator's words. */
import type { z } from 'zod';
import { showList } from './show.ts';

type Issue = z.core.$ZodIssue;

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  map: 'a mapping',
  null: 'nothing',
};

const FORMATS: Readonly<Record<string, string>> = {
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  cidrv4: 'an IPv4 network such as 10.0.0.0/24',
  cidrv6: 'an IPv6 network such as fd00::/64',
  mac: 'a MAC address',
  hostname: 'a host name',
  email: 'an e-mail address',
  url: 'a URL',
  uuid: 'a UUID',
};

const count = (amount: number | bigint, unit: string): string =>
  `${amount} ${unit}${Number(amount) === 1 ? '' : 's'}`;

const UNITS: Readonly<Record<string, string>> = {
  string: 'character',
  array: 'item',
  set: 'item',
  object: 'key',
  map: 'key',
};

const bound = (origin: string, word: string, amount: number | bigint): string => {
  const unit = UNITS[origin];
  return unit === undefined ? `a number of ${word} ${amount}` : `${word} ${count(amount, unit)}`;
};

const tooSmall = (issue: z.core.$ZodIssueTooSmall): string => {
  if (issue.inclusive === false) return `a number above ${issue.minimum}`;
  if (issue.exact === true) return bound(issue.origin, 'exactly', issue.minimum);
  if (issue.origin === 'string' && issue.minimum === 1) return 'text that is not empty';
  return bound(issue.origin, 'at least', issue.minimum);
};

const tooBig = (issue: z.core.$ZodIssueTooBig): string =>
  issue.inclusive === false
    ? `a number below ${issue.maximum}`
    : bound(issue.origin, issue.exact === true ? 'exactly' : 'at most', issue.maximum);

/** zod's own messages start like this; any other is a schema's, written for the operator. */
const isZods = (message: string): boolean => /^(?:Invalid|Too (?:small|big)|Unrecognized)\b/.test(message);

const format = (issue: z.core.$ZodIssueInvalidStringFormat): string => {
  const known = FORMATS[issue.format];
  if (known !== undefined) return known;
  if (issue.format === 'starts_with')
    return `text that starts with "${String((issue as { prefix?: string }).prefix)}"`;
  return issue.pattern === undefined
    ? `text in the form ${issue.format}`
    : `text that matches ${issue.pattern}`;
};

export const valuesOf = (issue: Issue): readonly string[] => {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  const options = (issue as { options?: readonly unknown[] }).options;
  return issue.code === 'invalid_union' ? (options ?? []).map(String) : [];
};

/** A noun phrase, to follow "expected"; undefined where an issue is no such thing. */
export const expectation = (issue: Issue): string | undefined => {
  if (!isZods(issue.message)) return issue.message.replace(/^expected /, '');
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1 ? showList(valuesOf(issue)) : `one of ${showList(valuesOf(issue))}`;
    case 'invalid_format':
      return format(issue);
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return valuesOf(issue).length > 0 ? `one of ${showList(valuesOf(issue))}` : undefined;
    default:
      return undefined;
  }
};

/** Whether the schema's author has written a sentence of another form, which stands as it is. */
export const isSentence = (issue: Issue): boolean =>
  !isZods(issue.message) && !issue.message.startsWith('expected ');
