/** Owner, group and mode of files and directories: as the manifest names them, as the host has them. */
import { z } from 'zod';
import type { Change } from '../engine/action.ts';
import type { FileInfo, FileMeta } from '../host/host.ts';
import { absolutePath } from './paths.ts';
import type { Accounts } from './accounts.ts';

/** A name, or a number as chown(1) takes it, for ids that have no account. */
export const accountName = z
  .string()
  .regex(/^([a-z_][a-z0-9_-]{0,31}|\d{1,10})$/, 'expected the name of an account, or its number in quotes');

export const fileMode = z
  .string()
  .regex(/^0?[0-7]{3,4}$/, "expected an octal mode in quotes, such as '0640'");

/** One spelling of a mode: four octal digits. */
export const modeText = (mode: number): string => mode.toString(8).padStart(4, '0');

export const modeBits = (mode: string): number => Number.parseInt(mode, 8);

const OTHER_GROUND: readonly [string, string][] = [
  // pmxcfs: one fixed owner and mode, no symlinks, shared by the whole cluster (pve-docs, pmxcfs)
  ['/etc/pve', 'is shared by the whole cluster; use the Proxmox kinds'],
  ['/proc', 'is an interface of the kernel; use Sysctl'],
  ['/sys', 'is an interface of the kernel'],
];

const reasonAgainst = (path: string): string | undefined => {
  const found = OTHER_GROUND.find(([ground]) => path === ground || path.startsWith(`${ground}/`));
  return found && `${found[0]} ${found[1]}`;
};

/** A path on a filesystem with owners and modes of its own. */
export const ordinaryPath = absolutePath.refine((path) => reasonAgainst(path) === undefined, {
  error: (issue) => reasonAgainst(String(issue.input)),
});

/** What stands there, by name. */
export interface Ownership {
  readonly owner: string;
  readonly group: string;
  readonly mode: string;
}

/** What an action would change, one change for each that differs; all of them for what is not there. */
export const ownershipChanges = (to: Ownership, from: Ownership | undefined): Change[] =>
  (['owner', 'group', 'mode'] as const)
    .filter((path) => from?.[path] !== to[path])
    .map((path) => ({ path, from: from?.[path] ?? null, to: to[path] }));

/** Without what else was read beside it. */
export const onlyOwnership = ({ owner, group, mode }: Ownership): Ownership => ({ owner, group, mode });

/**
 * The owner as the manifest spells it if it is that one (two names may share an id), else by its usual name. An
 * account that does not exist yet never equals: its files are drift until it is made.
 */
export const ownershipOf = (
  info: FileInfo,
  {
    owner = 'root',
    group = 'root',
  }: { readonly owner?: string | undefined; readonly group?: string | undefined },
  accounts: Accounts,
): Ownership => ({
  owner: accounts.uid(owner) === info.uid ? owner : accounts.userName(info.uid),
  group: accounts.gid(group) === info.gid ? group : accounts.groupName(info.gid),
  mode: modeText(info.mode),
});

/** The ids for what a plan names; accounts may have been made since. */
export const metaOf = (named: Ownership, accounts: Accounts): FileMeta => {
  const uid = accounts.uid(named.owner);
  if (uid === undefined)
    throw new Error(`no user ${named.owner} on this host; declare UnixUser[${named.owner}]`);
  const gid = accounts.gid(named.group);
  if (gid === undefined)
    throw new Error(`no group ${named.group} on this host; declare UnixGroup[${named.group}]`);
  return { uid, gid, mode: modeBits(named.mode) };
};
