/** The options of one client, exports(5), in one normal form: every property with its value, defaults filled in. */
import { z } from 'zod';

/** Each property with its words; the first is what holds without any of them. */
const WORDS = {
  access: ['ro', 'rw'],
  commit: ['sync', 'async'],
  delay: ['wdelay', 'no_wdelay'],
  nested: ['hide', 'nohide'],
  cross: ['nocrossmnt', 'crossmnt'],
  ports: ['secure', 'insecure'],
  root: ['root_squash', 'no_root_squash'],
  all: ['no_all_squash', 'all_squash'],
  subtree: ['no_subtree_check', 'subtree_check'],
  locks: ['secure_locks', 'insecure_locks'],
  acl: ['acl', 'no_acl'],
  pnfs: ['no_pnfs', 'pnfs'],
  labels: ['no_security_label', 'security_label'],
} as const;

/** Each property with a value, what holds without it, and what it looks like. */
const VALUES = {
  fsid: ['', /^(?:\d{1,10}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/],
  anonuid: ['65534', /^\d{1,10}$/],
  anongid: ['65534', /^\d{1,10}$/],
  sec: ['sys', /^(?:sys|none|krb5[ip]?)(?::(?:sys|none|krb5[ip]?))*$/],
  refer: ['', /^\/[^\s,()"#\\]*@[^\s,()"#\\]+$/],
  replicas: ['', /^\/[^\s,()"#\\]*@[^\s,()"#\\]+$/],
  mountpoint: ['', /^$/],
  xprtsec: ['none:tls:mtls', /^(?:none|m?tls)(?::(?:none|m?tls))*$/],
} as const;

/** Other spellings of a word, nfs-utils 2.6 to 2.8. */
const ALIASES: Readonly<Record<string, string>> = {
  auth_nlm: 'secure_locks',
  no_auth_nlm: 'insecure_locks',
  mp: 'mountpoint',
  'fsid=root': 'fsid=0',
  defaults: '',
};

/** By property: the word of a choice, the value of the others, empty if it is not set. */
export type Options = Readonly<Record<string, string>>;

const propertyOfWord = new Map<string, string>(
  Object.entries(WORDS).flatMap(([property, words]) => words.map((word) => [word, property] as const)),
);

const DEFAULTS: Options = {
  ...Object.fromEntries(Object.entries(WORDS).map(([property, [usual]]) => [property, usual])),
  ...Object.fromEntries(Object.entries(VALUES).map(([property, [usual]]) => [property, usual])),
};

/** `mountpoint` alone is set too, and then needs a value that is none of the default. */
const SET = 'yes';

/** The property and value of one option; undefined if it is none that is known. */
const parseOption = (option: string): [property: string, value: string] | undefined => {
  const property = propertyOfWord.get(option);
  if (property !== undefined) return [property, option];
  const equals = option.indexOf('=');
  const name = equals === -1 ? option : option.slice(0, equals);
  if (!Object.hasOwn(VALUES, name)) return undefined;
  return [name, equals === -1 ? SET : option.slice(equals + 1)];
};

const canonical = (option: string): string => ALIASES[option] ?? option.replace(/^mp=/, 'mountpoint=');

/** Options for several kinds of security, each with its own: never what we wrote, so they only have to differ. */
const flavoursOf = (options: readonly string[]): string | undefined => {
  const first = options.findIndex((option) => option.startsWith('sec='));
  const rest = options.slice(first);
  const flavours = new Set(rest.filter((option) => option.startsWith('sec=')));
  return flavours.size > 1 ? rest.join(' ') : undefined;
};

/**
 * The normal form of any list: order does not matter, later ones win, and what is repeated counts once (etab repeats
 * some after `sec=`). An option that is not known stays, under its own name.
 */
export const normalOptions = (options: readonly string[]): Options => {
  const found: Record<string, string> = { ...DEFAULTS };
  for (const option of options.map(canonical)) {
    if (option === '') continue;
    const [property, value] = parseOption(option) ?? [option, SET];
    found[property] = value;
  }
  const flavours = flavoursOf(options);
  return flavours === undefined ? found : { ...found, sec: flavours };
};

const textOf = (property: string, value: string): string => {
  if (propertyOfWord.get(value) === property || !Object.hasOwn(VALUES, property))
    return value === SET ? property : value;
  return value === SET ? property : `${property}=${value}`;
};

/** What is always written, whatever the defaults of a version are, and at the beginning. */
const ALWAYS = ['access', 'commit', 'subtree', 'root'];

/** As they are written: the important ones, and what differs from the default. */
export const renderOptions = (options: Options): string =>
  [
    ...ALWAYS.map((property) => textOf(property, options[property] ?? '')),
    ...Object.keys(options)
      .filter((property) => !ALWAYS.includes(property) && options[property] !== DEFAULTS[property])
      .sort()
      .map((property) => textOf(property, options[property] ?? '')),
  ].join(',');

/** As an operator would write them: what differs from the default. */
export const shortOptions = (options: Options): string[] =>
  Object.keys(options)
    .filter((property) => options[property] !== DEFAULTS[property])
    .map((property) => textOf(property, options[property] ?? ''));

const isOption = (option: string): boolean => {
  const [property, value = ''] = parseOption(canonical(option)) ?? [];
  if (property === undefined || property === 'mountpoint') return false;
  const pattern = Object.hasOwn(VALUES, property) ? VALUES[property as keyof typeof VALUES][1] : undefined;
  return pattern === undefined || pattern.test(value);
};

export const option = z.string().refine(isOption, {
  error: ({ input }) =>
    /^(?:mp|mountpoint)(?:=|$)/.test(String(input))
      ? 'expected `mountpoint: true` or a `dataset` beside the path: they set this option for all clients'
      : 'expected an option of exports(5), such as `rw`, `no_root_squash` or `anonuid=1000`',
});

/** Two words of one property: exportfs would take the later one without a word. */
export const contradiction = (options: readonly string[]): string | undefined => {
  const seen = new Map<string, string>();
  for (const one of options) {
    const [property, value] = parseOption(canonical(one)) ?? [one, SET];
    const before = seen.get(property);
    if (before !== undefined) return before === value ? undefined : `${before} and ${value}`;
    seen.set(property, value);
  }
  return undefined;
};
