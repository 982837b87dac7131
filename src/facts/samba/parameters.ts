/** Parameters of smb.conf(5) in one spelling, which is that of testparm(1). */

type Kind = 'boolean' | 'mask' | 'set' | 'list' | 'word' | 'text';

/** Those that the kinds have fields for. */
const KNOWN: Readonly<Record<string, Kind>> = {
  'bind interfaces only': 'boolean',
  browseable: 'boolean',
  comment: 'text',
  'create mask': 'mask',
  'directory mask': 'mask',
  'disable netbios': 'boolean',
  'force group': 'text',
  'force user': 'text',
  'guest ok': 'boolean',
  'hosts allow': 'list',
  'hosts deny': 'list',
  interfaces: 'set',
  'invalid users': 'set',
  'map to guest': 'word',
  path: 'text',
  'read list': 'set',
  'read only': 'boolean',
  'server min protocol': 'word',
  'server signing': 'word',
  'server smb encrypt': 'word',
  'server string': 'text',
  'smb ports': 'list',
  'unix password sync': 'boolean',
  'usershare allow guests': 'boolean',
  'usershare max shares': 'text',
  'valid users': 'set',
  'vfs objects': 'list',
  workgroup: 'word',
  'write list': 'set',
};

/** Other names for them (smb.conf(5), "Synonym for"). */
const SYNONYMS: Readonly<Record<string, string>> = {
  'allow hosts': 'hosts allow',
  browsable: 'browseable',
  'create mode': 'create mask',
  'deny hosts': 'hosts deny',
  directory: 'path',
  'directory mode': 'directory mask',
  group: 'force group',
  'min protocol': 'server min protocol',
  public: 'guest ok',
  'smb encrypt': 'server smb encrypt',
  'vfs object': 'vfs objects',
};

/** `writable = yes` is `read only = no`. */
const INVERTED: Readonly<Record<string, string>> = {
  writable: 'read only',
  writeable: 'read only',
  'write ok': 'read only',
};

/** Samba does not look at case and blanks in a name. */
const squeeze = (name: string): string => name.toLowerCase().replace(/\s+/g, '');

const NAMES: ReadonlyMap<string, string> = new Map([
  ...Object.keys(KNOWN).map((name): [string, string] => [squeeze(name), name]),
  ...[...Object.entries(SYNONYMS), ...Object.entries(INVERTED)].map(([other, name]): [string, string] => [
    squeeze(other),
    name,
  ]),
]);
const INVERTED_NAMES: ReadonlySet<string> = new Set(Object.keys(INVERTED).map(squeeze));

/** A parameter by its own name; one that is not known here in lower case with single blanks. */
export const canonicalName = (name: string): string =>
  NAMES.get(squeeze(name)) ?? name.trim().toLowerCase().replace(/\s+/g, ' ');

const YES = /^(yes|true|on|1)$/i;
const NO = /^(no|false|off|0)$/i;

const booleanOf = (value: string): string => (YES.test(value) ? 'Yes' : NO.test(value) ? 'No' : value);

const maskOf = (value: string): string =>
  /^[0-7]+$/.test(value) ? Number.parseInt(value, 8).toString(8).padStart(4, '0') : value;

/** Words that mean the same; the second is what testparm prints. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['auto', 'if_required'],
  ['disabled', 'no'],
  ['force', 'required'],
  ['forced', 'required'],
  ['mandatory', 'required'],
  ['off', 'no'],
  ['smb2_10', 'smb2'],
  ['smb3_11', 'smb3'],
]);

const wordOf = (value: string): string => WORDS.get(value.toLowerCase()) ?? value.toLowerCase();

/** The members of a list: blanks, commas and semicolons part them, unless they are in quotes, which are no part of them. */
export const membersOf = (value: string): string[] =>
  [...value.matchAll(/(?:[^\s,;"]|"[^"]*"?)+/g)].map(([member]) => member.replaceAll('"', ''));

/** As testparm writes a list; `membersOf` takes it apart again. */
export const listOf = (members: readonly string[]): string =>
  members.map((member) => (/[\s,;]/.test(member) ? `"${member}"` : member)).join(' ');

const CANONICAL: Readonly<Record<Kind, (value: string) => string>> = {
  boolean: booleanOf,
  mask: maskOf,
  set: (value) => listOf([...new Set(membersOf(value))].sort()),
  list: (value) => listOf(membersOf(value)),
  word: wordOf,
  text: (value) => value,
};

const invert = (value: string): string => {
  const said = booleanOf(value);
  return said === 'Yes' ? 'No' : said === 'No' ? 'Yes' : value;
};

const kindOf = (own: string): Kind => (Object.hasOwn(KNOWN, own) ? KNOWN[own] : undefined) ?? 'text';

export type Parameter = readonly [name: string, value: string];

/** Two spellings of one setting are the same afterwards. Sets are sorted: their order means nothing. */
export const canonical = (name: string, value: string): Parameter => {
  const own = canonicalName(name);
  const trimmed = value.trim().replace(/\s+/g, ' ');
  const straight = INVERTED_NAMES.has(squeeze(name)) ? invert(trimmed) : trimmed;
  return [own, CANONICAL[kindOf(own)](straight)];
};
