import type { Action, Change, Finding } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { modeBits, modeText, onlyOwnership, ownershipChanges } from '../../facts/ownership.ts';
import { accessOf, inheritedOf, minimalAcl, statMode, type Acl } from './acl.ts';
import type { Actual } from './read.ts';
import { hasAcl, type Desired, type DirectoryOp } from './schema.ts';

const SPECIAL = 0o7000;

const refuseUnmounted = (want: Desired, mountpoint: string): Finding<DirectoryOp> => ({
  refuses: `${mountpoint} is not mounted; refusing to ${want.path === mountpoint ? 'change' : 'create below'} an empty mount point`,
  changes: [{ path: 'mounted', from: false, to: true }],
});

const refuseType = (want: Desired, found: Actual): Finding<DirectoryOp> => ({
  refuses:
    `${want.path} is a ${found.type === 'other' ? 'special file' : found.type}, not a directory; ` +
    (found.type === 'symlink' ? 'declare the path that it leads to' : 'move it away'),
  changes: [{ path: 'type', from: found.type, to: want.ensure === 'absent' ? 'absent' : 'directory' }],
});

const same = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join();

interface AclChange {
  readonly from: Acl;
  readonly access: readonly string[];
  readonly inherited: readonly string[] | undefined;
  readonly changes: readonly Change[];
}

const aclChange = (want: Desired, from: Acl): AclChange => {
  const access = accessOf(want, from);
  const inherited = inheritedOf(want);
  const changes: Change[] = [];
  // One that is not declared changes only with the mode, which is shown as such.
  if (want.acl !== undefined && !same(from.access, access))
    changes.push({ path: 'acl', from: from.access, to: access });
  if (inherited !== undefined && !same(from.inherited, inherited))
    changes.push({ path: 'defaultAcl', from: from.inherited, to: inherited });
  return { from, access, inherited, changes };
};

const setAcl = (path: string, { from, access, inherited, changes }: AclChange): Action<DirectoryOp> => {
  const op = (to: readonly string[], defaults: readonly string[]): DirectoryOp => ({
    op: 'set-acl',
    path,
    access: [...to],
    ...(inherited === undefined ? {} : { inherited: [...defaults] }),
  });
  return {
    does: op(access, inherited ?? []),
    description: `set the ACL of ${path}: ${[...access, ...(inherited ?? []).map((entry) => `default:${entry}`)].join(', ')}`,
    risk: 'safe',
    changes,
    undo: { by: op(from.access, from.inherited) },
  };
};

/**
 * The bits that chmod(2) shall set. Where the ACL is about to be set, only the special ones: until it is, more bits
 * of the group would open the directory to the whole owning group.
 */
const modeWanted = (want: Desired, found: Actual, aclTakesOver: boolean): string =>
  modeText(aclTakesOver ? (statMode(want) & SPECIAL) | (modeBits(found.mode) & 0o777) : statMode(want));

const setMeta = (want: Desired, found: Actual, aclTakesOver: boolean): Action<DirectoryOp>[] => {
  const to = { owner: want.owner, group: want.group, mode: modeWanted(want, found, aclTakesOver) };
  const changes = ownershipChanges(to, found);
  if (changes.length === 0) return [];
  return [
    {
      does: { op: 'set-meta', path: want.path, ...to },
      description: `set ${changes.map(({ path, to: value }) => `${path} ${String(value)}`).join(', ')} of ${want.path}`,
      risk: 'safe',
      changes,
      undo: { by: { op: 'set-meta', path: want.path, ...onlyOwnership(found) } },
    },
  ];
};

const create = (want: Desired): Action<DirectoryOp> => {
  const to = { owner: want.owner, group: want.group, mode: modeText(modeBits(want.mode)) };
  return {
    does: { op: 'create', path: want.path, ...to },
    description: `create directory ${want.path} (${to.owner}:${to.group}, ${to.mode})`,
    risk: 'safe',
    changes: [{ path: 'type', from: null, to: 'directory' }],
    undo: { by: { op: 'remove', path: want.path, content: false } },
  };
};

const remove = (want: Desired, found: Actual): Finding<DirectoryOp> => {
  const { entries = 0 } = found;
  const changes: Change[] = [{ path: 'type', from: 'directory', to: 'absent' }];
  if (found.isMountpoint) return { refuses: `${want.path} is a mount point; unmount it first`, changes };
  if (entries > 0 && !want.removeContent)
    return {
      refuses: `${want.path} is not empty (entries: ${entries}); empty it, or set \`removeContent: true\``,
      changes,
    };
  const content = entries > 0;
  return {
    does: { op: 'remove', path: want.path, content },
    description: `remove directory ${want.path}${content ? ` and all that is in it (entries: ${entries})` : ''}`,
    risk: content ? 'destructive' : 'safe',
    changes,
    undo: content
      ? { none: 'what was in it is gone; restore it from a snapshot or a backup' }
      : { by: { op: 'create', path: want.path, ...onlyOwnership(found) } },
  };
};

const diffPresent = (want: Desired, found: Actual): Finding<DirectoryOp>[] => {
  const acl = found.acl && aclChange(want, found.acl);
  const aclDiffers = acl !== undefined && acl.changes.length > 0;
  const takesOver = aclDiffers && want.acl !== undefined;
  return [...setMeta(want, found, takesOver), ...(aclDiffers ? [setAcl(want.path, acl)] : [])];
};

/** The ACL is set also where it seems not to differ: a new directory inherits one from the directory above it. */
const diffAbsent = (want: Desired): Finding<DirectoryOp>[] => [
  create(want),
  ...(hasAcl(want) ? [setAcl(want.path, aclChange(want, minimalAcl(want.mode)))] : []),
];

export const diff = (want: Desired, actual: Known<Actual>): Finding<DirectoryOp>[] => {
  if (actual.is === 'absent') return want.ensure === 'absent' ? [] : diffAbsent(want);
  const found = actual.value;
  if (found.unmounted !== undefined) return [refuseUnmounted(want, found.unmounted)];
  if (found.type !== 'directory') return [refuseType(want, found)];
  return want.ensure === 'absent' ? [remove(want, found)] : diffPresent(want, found);
};
