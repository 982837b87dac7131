import { accountsOf, type Accounts } from '../../facts/accounts.ts';
import { isMountPoint } from '../../facts/mount-point.ts';
import { ownershipOf, type Ownership } from '../../facts/ownership.ts';
import { absent, present, readEach, reasonOf, type Reading } from '../../engine/reading.ts';
import type { FileInfo, HostReader } from '../../host/host.ts';
import { minimalAcl, type Acl } from './acl.ts';
import { aclsOf } from './facts.ts';
import { hasAcl, type Desired } from './schema.ts';

export interface Actual extends Ownership {
  readonly type: FileInfo['type'] | 'absent';
  /** Only where an ACL is declared. */
  readonly acl?: Acl;
  /** How many entries it has; only of one that shall be removed. */
  readonly entries?: number;
  /** Whether it is a mount point itself; only of one that shall be removed. */
  readonly isMountpoint?: boolean;
  /** The filesystem that is not mounted. */
  readonly unmounted?: string;
}

/** Names in place of ids, as the manifest spells them if one of its names has the id. */
const withNames = (entries: readonly string[], spelled: readonly string[], accounts: Accounts): string[] => {
  const idOf = (tag: string, name: string) => (tag === 'user' ? accounts.uid(name) : accounts.gid(name));
  const nameOf = (tag: string, id: number) =>
    tag === 'user' ? accounts.userName(id) : accounts.groupName(id);
  return entries
    .map((entry) => {
      const [tag = '', id = '', permissions = ''] = entry.split(':');
      if ((tag !== 'user' && tag !== 'group') || id === '') return entry;
      const names = spelled.filter((one) => one.startsWith(`${tag}:`)).map((one) => one.split(':')[1] ?? '');
      const name =
        names.find((one) => one !== '' && idOf(tag, one) === Number(id)) ?? nameOf(tag, Number(id));
      return `${tag}:${name}:${permissions}`;
    })
    .sort();
};

type Acls = ReadonlyMap<string, Acl> | undefined | { readonly unreadable: string };

/** One process for all, and none where no ACL is declared. */
const readAcls = async (host: HostReader, all: readonly Desired[]): Promise<Acls> => {
  const paths = all.filter(hasAcl).map(({ path }) => path);
  const there = paths.filter((path) => host.lstat(path)?.type === 'directory');
  if (there.length === 0) return new Map();
  return await host.fact(aclsOf(there));
};

const aclOf = (want: Desired, mode: string, acls: Acls, accounts: Accounts): Acl => {
  if (acls === undefined) return minimalAcl(mode);
  if ('unreadable' in acls) throw new Error(acls.unreadable);
  const acl = acls.get(want.path);
  if (acl === undefined) throw new Error(`${want.path}: getfacl did not print its ACL`);
  return {
    access: withNames(acl.access, want.acl ?? [], accounts),
    inherited: withNames(acl.inherited, want.defaultAcl ?? [], accounts),
  };
};

/** Nothing is there, yet there is a reason to refuse: an absent reading could not carry it. */
const NOTHING = { type: 'absent', owner: '', group: '', mode: '' } as const;

const readOne = (host: HostReader, want: Desired, acls: Acls, accounts: Accounts): Reading<Actual> => {
  const info = host.lstat(want.path);
  const mountpoint = want.ensure === 'present' ? want.requireMountpoint : undefined;
  const unmounted =
    mountpoint !== undefined && !isMountPoint(host, mountpoint) ? { unmounted: mountpoint } : {};
  if (info === undefined) return 'unmounted' in unmounted ? present({ ...NOTHING, ...unmounted }) : absent;
  const ownership = ownershipOf(info, want, accounts);
  const { type } = info;
  const base = { type, ...ownership, ...unmounted };
  if (type !== 'directory') return present(base);
  if (want.ensure === 'absent') {
    const entries = host.readDirectory(want.path)?.length ?? 0;
    return present({ ...base, entries, isMountpoint: isMountPoint(host, want.path) });
  }
  return present(hasAcl(want) ? { ...base, acl: aclOf(want, ownership.mode, acls, accounts) } : base);
};

export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const accounts = await accountsOf(host);
  // Those without an ACL are readable all the same.
  const acls = await readAcls(host, all).catch((error: unknown) => ({ unreadable: reasonOf(error) }));
  return readEach(
    all,
    ({ path }) => path,
    (want) => readOne(host, want, acls, accounts),
  );
};
