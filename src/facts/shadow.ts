import type { FileFact } from '../host/host.ts';
import { Secret } from '../host/secret.ts';

/** One line of shadow(5), as far as it is used. */
export interface ShadowEntry {
  /** The password field as it stands: a hash, behind `!` when locked; `!` or `*` alone when there is none. */
  readonly password: Secret;
  /** The day the account expires, in days since 1970-01-01; undefined if never. */
  readonly expires?: number;
}

const parseLine = (line: string): [string, ShadowEntry] => {
  const fields = line.split(':');
  const [name, password, , , , , , expires] = fields;
  // the line itself holds a hash: never quote it
  if (fields.length !== 9 || !name) throw new Error('/etc/shadow: a line is not as in shadow(5)');
  return [name, { password: new Secret(password ?? ''), ...(expires ? { expires: Number(expires) } : {}) }];
};

/** Passwords and expiry of local accounts by name (shadow(5)); of two lines with one name the first counts. */
export const shadow: FileFact<ReadonlyMap<string, ShadowEntry>> = {
  name: 'shadow',
  path: '/etc/shadow',
  absent: new Map(),
  parse: (content) =>
    new Map(
      content
        .split('\n')
        .filter((line) => line !== '')
        .map(parseLine)
        .toReversed(),
    ),
};

/** What the password field says without showing it (shadow(5), usermod(8) -L). */
export interface PasswordState {
  /** Whether a `!` keeps a password, or the lack of one, from being used. */
  readonly locked: boolean;
  /** Whether there is a hash, be it locked. */
  readonly usable: boolean;
}

/** The field without the `!` of a lock; a bare `!` becomes empty. */
export const unlocked = (field: string): string => field.replace(/^!+/, '');

export const passwordState = (entry: ShadowEntry | undefined): PasswordState => {
  if (entry === undefined) return { locked: true, usable: false };
  const field = entry.password.reveal();
  return { locked: field.startsWith('!'), usable: !/^!*\*?$/.test(field) };
};
