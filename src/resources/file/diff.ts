import type { Action, Change, Finding, Risk, Undo } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import {
  modeBits,
  modeText,
  onlyOwnership,
  ownershipChanges,
  type Ownership,
} from '../../facts/ownership.ts';
import { hasContent, type Desired, type FileOp } from './schema.ts';
import { SHOWN, type Actual } from './read.ts';
import { guardAccess } from './access.ts';
import { briefly } from './brief.ts';

/** A wrong one of these keeps everybody out, or keeps the host from booting. */
const VITAL = new Set([
  '/etc/passwd',
  '/etc/shadow',
  '/etc/group',
  '/etc/gshadow',
  '/etc/sudoers',
  '/etc/fstab',
]);

/**
 * Also a removal is safe: the content is kept by its hash and the undo is exact. What else reads the file is
 * told by the debts of the kinds that know it.
 */
const riskOf = (want: Desired): Risk =>
  VITAL.has(want.path) || want.path.startsWith('/boot/') ? 'destructive' : 'safe';

/** A secret lets somebody in, and its undo is by hand. */
const riskOfContent = (want: Desired): Risk =>
  want.secret !== undefined && riskOf(want) === 'safe' ? 'disruptive' : riskOf(want);

const typeName = (type: Actual['type']): string => (type === 'other' ? 'special file' : type);

const refuseType = (want: Desired, found: Actual): Finding<FileOp> => ({
  refuses: `${want.path} is a ${typeName(found.type)}, not a regular file; move it away, or manage it with its own kind`,
  changes: [{ path: 'type', from: found.type, to: want.ensure === 'absent' ? 'absent' : 'file' }],
});

const refuseLinks = (want: Desired, found: Actual, changes: readonly Change[]): Finding<FileOp> => ({
  refuses:
    `${want.path} has ${found.links} names (hard links): a change would part them, or change a file elsewhere; ` +
    `find the others with \`find / -samefile ${want.path}\` and remove them`,
  changes,
});

/** Without a content, what is not declared stays as it is found. */
const unlessTold = (want: Desired, found: Ownership | undefined): Ownership =>
  found !== undefined && !hasContent(want)
    ? found
    : { owner: 'root', group: 'root', mode: want.secret ? '0600' : '0644' };

const ownershipWanted = (want: Desired, found: Ownership | undefined): Ownership => {
  const { owner, group, mode } = unlessTold(want, found);
  return {
    owner: want.owner ?? owner,
    group: want.group ?? group,
    mode: modeText(modeBits(want.mode ?? mode)),
  };
};

const HIDDEN = '«secret»';

const secretChange = (from: unknown, to: unknown): Change => ({
  path: 'content',
  from: from === undefined ? null : HIDDEN,
  to: to === undefined ? null : HIDDEN,
  as: 'secret',
});

const isHidden = (old: Actual['content']): boolean =>
  typeof old === 'object' ? old.private === true : old === 'differs';

/** What nobody but its owner may read is not for a terminal or a report either. */
const isPrivate = (want: Desired): boolean => want.mode !== undefined && (modeBits(want.mode) & 0o077) === 0;

/** Both sides whole, or both in brief: a diff against a summary says nothing. */
const textChange = (old: Actual['content'], to: string | undefined): Change => {
  const { text, ...rest } = typeof old === 'object' ? old : { text: null };
  if (text !== undefined && Buffer.byteLength(to ?? '') <= SHOWN)
    return { path: 'content', from: text, to: to ?? null, as: 'text' };
  return {
    path: 'content',
    from: 'sha256' in rest ? briefly(rest) : null,
    to: to === undefined ? null : briefly(to),
  };
};

const contentChange = (want: Desired, old: Actual['content']): Change => {
  const to = want.ensure === 'absent' ? undefined : (want.content ?? want.secret);
  return typeof to === 'object' || isPrivate(want) || isHidden(old)
    ? secretChange(old, to)
    : textChange(old, to);
};

const writeOp = ({ path, content = '', secret }: Desired, to: Ownership): FileOp =>
  secret === undefined ? { op: 'write', path, content, ...to } : { op: 'write-secret', path, secret, ...to };

const create = (want: Desired): Action<FileOp> => {
  const to = ownershipWanted(want, undefined);
  return {
    does: writeOp(want, to),
    description: `create ${want.path} (${to.owner}:${to.group}, ${to.mode})`,
    risk: riskOf(want),
    changes: [contentChange(want, undefined), ...ownershipChanges(to, undefined)],
    undo: { by: { op: 'remove', path: want.path } },
  };
};

const undoByHash = (want: Desired, found: Actual): Undo<FileOp> => {
  if (typeof found.content === 'object') {
    const { sha256 } = found.content;
    return { by: { op: 'restore', path: want.path, sha256, ...onlyOwnership(found) } };
  }
  return { none: 'a hash of the old secret is not recorded; its content is kept in the backup' };
};

const rewrite = (want: Desired, found: Actual, meta: readonly Change[]): Action<FileOp> => {
  const also = meta.length === 0 ? '' : ` and its ${meta.map((change) => change.path).join(', ')}`;
  return {
    does: writeOp(want, ownershipWanted(want, found)),
    description: `write the content of ${want.path}${also}`,
    risk: riskOfContent(want),
    changes: [contentChange(want, found.content), ...meta],
    undo: undoByHash(want, found),
  };
};

const setMeta = (want: Desired, found: Actual, changes: readonly Change[]): Action<FileOp> => ({
  does: { op: 'set-meta', path: want.path, ...ownershipWanted(want, found) },
  description: `set ${changes.map(({ path, to }) => `${path} ${String(to)}`).join(', ')} of ${want.path}`,
  risk: riskOf(want),
  changes,
  undo: { by: { op: 'set-meta', path: want.path, ...onlyOwnership(found) } },
});

const remove = (want: Desired, found: Actual): Action<FileOp> => ({
  does: { op: 'remove', path: want.path },
  description: `remove ${want.path}`,
  risk: riskOfContent(want),
  changes: [contentChange(want, found.content)],
  undo: undoByHash(want, found),
});

const diffPresent = (want: Desired, found: Actual): Finding<FileOp>[] => {
  const meta = ownershipChanges(ownershipWanted(want, found), found);
  const rewrites = found.content !== undefined && found.content !== 'same';
  if (!rewrites && meta.length === 0) return [];
  const action = rewrites ? rewrite(want, found, meta) : setMeta(want, found, meta);
  return [found.links > 1 ? refuseLinks(want, found, action.changes) : action];
};

const findingsOf = (want: Desired, actual: Known<Actual>): Finding<FileOp>[] => {
  if (actual.is === 'absent') {
    if (want.ensure === 'absent') return [];
    if (hasContent(want)) return [create(want)];
    return [
      {
        refuses: `${want.path} does not exist, and only its owner, group and mode are declared; give it a content`,
        changes: [{ path: 'type', from: null, to: 'file' }],
      },
    ];
  }
  const found = actual.value;
  if (found.type !== 'file') return [refuseType(want, found)];
  return want.ensure === 'absent' ? [remove(want, found)] : diffPresent(want, found);
};

export const diff = (want: Desired, actual: Known<Actual>): Finding<FileOp>[] =>
  findingsOf(want, actual).map((finding) => guardAccess(want.path, finding));
