import { passwd } from '../../facts/accounts.ts';
import { absent, present, readEach, type Reading } from '../../engine/reading.ts';
import { readSambaFiles } from '../../facts/samba/files.ts';
import type { CommandFact, HostReader } from '../../host/host.ts';
import { Secret } from '../../host/secret.ts';
import { ntHash, passwordOf } from './password.ts';
import type { Desired } from './schema.ts';

interface Account {
  readonly ntHash: Secret;
  readonly disabled: boolean;
}

export interface Actual {
  /** Whether Samba has an account. */
  readonly exists: boolean;
  readonly disabled: boolean;
  /** Against the declared one: neither hash is ever part of a reading. */
  readonly password: 'undeclared' | 'same' | 'differs';
  readonly hasUnixUser: boolean;
}

const NO_UNIX_USER = '4294967295';

interface Entry extends Account {
  readonly name: string;
  readonly uid: string;
}

/** `name:uid:LM hash:NT hash:[flags]:LCT-time:`, as in smbpasswd(5). */
const parseLine = (line: string): Entry => {
  const [name, uid, , hash, flags] = line.split(':');
  // the line itself holds a hash: never quote it
  if (!name || uid === undefined || hash?.length !== 32 || !/^\[[A-Z ]{11}\]$/.test(flags ?? ''))
    throw new Error('pdbedit -L -w: a line is not as in smbpasswd(5)');
  return { name, uid, ntHash: new Secret(hash), disabled: flags?.includes('D') ?? false };
};

type Entries = ReadonlyMap<string, Entry>;

const accounts: CommandFact<Entries> = {
  name: 'pdbedit',
  command: { program: 'pdbedit', args: ['-L', '-w'], maxOutput: 16 * 1024 * 1024 },
  absent: new Map(),
  parse: (stdout) =>
    new Map(
      stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => [parseLine(line).name, parseLine(line)]),
    ),
};

/** Users of machines end with `$`. */
export const people = (entries: Entries): Entry[] =>
  [...entries.values()].filter(({ name }) => !name.endsWith('$'));

const DATABASE = '/var/lib/samba/private/passdb.tdb';

/** pdbedit would make the database if it is missing, and reading must not: without it there are no accounts. */
export const readAccounts = async (host: HostReader): Promise<Entries> => {
  const isElsewhere = /^\s*(passdb\s*backend|private\s*dir|state\s*directory)\s*=/im.test(
    readSambaFiles(host).main,
  );
  if (!isElsewhere && host.lstat(DATABASE) === undefined) return accounts.absent;
  return await host.fact(accounts);
};

const compare = (host: HostReader, want: Desired, entry: Entry | undefined): Actual['password'] => {
  if (want.password === undefined || want.ensure === 'absent') return 'undeclared';
  // also for an account that is not there yet: a password that cannot be used must be said before anything is changed
  const wanted = ntHash(passwordOf(host, want.password));
  return entry?.ntHash.reveal() === wanted ? 'same' : 'differs';
};

export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const entries = await readAccounts(host);
  const users = await host.fact(passwd);
  return readEach(
    all,
    (want) => want.name,
    (want) => {
      const entry = entries.get(want.name);
      const password = compare(host, want, entry);
      const hasUnixUser = users.has(want.name) || (entry !== undefined && entry.uid !== NO_UNIX_USER);
      if (entry === undefined && !hasUnixUser) return absent;
      return present<Actual>({
        exists: entry !== undefined,
        disabled: entry?.disabled ?? false,
        password,
        hasUnixUser,
      });
    },
  );
};
