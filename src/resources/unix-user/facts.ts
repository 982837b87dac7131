import { posix } from 'node:path';
import { absent, present, readEach, type Reading } from '../../engine/reading.ts';
import { group, passwd, type GroupEntry, type PasswdEntry } from '../../facts/accounts.ts';
import { passwordState, shadow, unlocked, type ShadowEntry } from '../../facts/shadow.ts';
import type { FileInfo, HostReader } from '../../host/host.ts';
import { passwordHashOf } from './hash.ts';
import type { Desired } from './schema.ts';

/** What stands at a home's path. */
export interface HomeDirectory {
  readonly type: FileInfo['type'];
  readonly mode: string;
  readonly uid: number;
}

export interface Actual {
  readonly uid: number;
  readonly primaryGroup: string;
  /** Supplementary, sorted, without the primary one. */
  readonly groups: readonly string[];
  readonly home: string;
  /** At the declared home, or else at the home that the account has; null if nothing is there. */
  readonly homeDirectory: HomeDirectory | null;
  readonly shell: string;
  /** Whether the declared shell exists and is executable. */
  readonly shellUsable: boolean;
  readonly comment: string;
  readonly expires: string;
  /** Against the declared hash: neither hash is ever part of a reading. */
  readonly password: 'undeclared' | 'same' | 'differs';
  /** The declared hash is `!` or `*`. */
  readonly declaresNoPassword: boolean;
  readonly locked: boolean;
  /** There is a hash, be it locked. */
  readonly hasPassword: boolean;
  readonly lastInSudo: boolean;
}

interface Accounts {
  readonly users: ReadonlyMap<string, PasswdEntry>;
  readonly groups: ReadonlyMap<string, GroupEntry>;
  readonly shadows: ReadonlyMap<string, ShadowEntry>;
  readonly groupNames: ReadonlyMap<number, string>;
  readonly memberships: ReadonlyMap<string, readonly string[]>;
  readonly inSudo: ReadonlySet<string>;
}

const membershipsOf = (groups: Iterable<GroupEntry>): ReadonlyMap<string, readonly string[]> => {
  const memberships = new Map<string, string[]>();
  for (const { name, members } of groups)
    for (const member of members) {
      const names = memberships.get(member);
      if (names) names.push(name);
      else memberships.set(member, [name]);
    }
  return memberships;
};

const sudoersOf = (users: Iterable<PasswdEntry>, sudo: GroupEntry | undefined): ReadonlySet<string> => {
  const names = new Set(sudo?.members);
  for (const user of users) if (user.gid === sudo?.gid) names.add(user.name);
  return names;
};

export const accounts = async (host: HostReader): Promise<Accounts> => {
  const users = await host.fact(passwd);
  const groups = await host.fact(group);
  return {
    users,
    groups,
    shadows: await host.fact(shadow),
    groupNames: new Map([...groups.values()].map(({ gid, name }) => [gid, name])),
    memberships: membershipsOf(groups.values()),
    inSudo: sudoersOf(users.values(), groups.get('sudo')),
  };
};

/** Follows symlinks: /bin/sh is one. usermod(8) would only warn about a shell that is not there. */
export const shellIsUsable = (host: HostReader, path: string, links = 8): boolean => {
  const info = host.lstat(path);
  if (info?.type === 'symlink' && links > 0)
    return shellIsUsable(host, posix.resolve(posix.dirname(path), info.target ?? ''), links - 1);
  return info?.type === 'file' && (info.mode & 0o111) !== 0;
};

export const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

const homeAt = (host: HostReader, path: string): HomeDirectory | null => {
  const info = path === '' ? undefined : host.lstat(path);
  return info === undefined ? null : { type: info.type, mode: octal(info.mode), uid: info.uid };
};

const DAY = 86_400_000;

const dateOf = (days: number | undefined): string =>
  days === undefined ? 'never' : new Date(days * DAY).toISOString().slice(0, 10);

const comparePassword = (
  host: HostReader,
  want: Desired,
  entry: ShadowEntry | undefined,
): Pick<Actual, 'password' | 'declaresNoPassword'> => {
  if (want.passwordHash === undefined || want.ensure === 'absent')
    return { password: 'undeclared', declaresNoPassword: false };
  const hash = passwordHashOf(host, want.passwordHash);
  const field = entry?.password.reveal() ?? '';
  const same = field !== '' && unlocked(field) === unlocked(hash);
  return { password: same ? 'same' : 'differs', declaresNoPassword: hash === '!' || hash === '*' };
};

const primaryGroupOf = (known: Accounts, want: Desired, gid: number): string => {
  // two groups may share a number
  const declared = want.primaryGroup === undefined ? undefined : known.groups.get(want.primaryGroup);
  return declared?.gid === gid ? declared.name : (known.groupNames.get(gid) ?? String(gid));
};

const readOne = (host: HostReader, known: Accounts, want: Desired, usable: (shell: string) => boolean) => {
  const entry = known.shadows.get(want.name);
  // also for a user that is not there yet: a hash that cannot be used must be said before anything is changed
  const compared = comparePassword(host, want, entry);
  const user = known.users.get(want.name);
  if (user === undefined) return absent;
  const primaryGroup = primaryGroupOf(known, want, user.gid);
  const { locked, usable: hasPassword } = passwordState(entry);
  return present<Actual>({
    uid: user.uid,
    primaryGroup,
    groups: (known.memberships.get(want.name) ?? []).filter((name) => name !== primaryGroup).toSorted(),
    home: user.home,
    homeDirectory: homeAt(host, want.home ?? user.home),
    shell: user.shell,
    shellUsable: want.shell === undefined || want.shell === user.shell || usable(want.shell),
    comment: user.gecos,
    expires: dateOf(entry?.expires),
    ...compared,
    locked,
    hasPassword,
    lastInSudo: known.inSudo.size === 1 && known.inSudo.has(want.name),
  });
};

export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const known = await accounts(host);
  const shells = new Map<string, boolean>();
  const usable = (shell: string): boolean => {
    const answer = shells.get(shell) ?? shellIsUsable(host, shell);
    shells.set(shell, answer);
    return answer;
  };
  return readEach(
    all,
    (want) => want.name,
    (want) => readOne(host, known, want, usable),
  );
};
