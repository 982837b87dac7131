import type { Finding } from '../../engine/action.ts';
import type { Actual } from './facts.ts';
import type { Desired, UserOp } from './schema.ts';

/** Groups whose members can become root, or read every disk or password. */
export const ROOT_BY_MEMBERSHIP: ReadonlySet<string> = new Set([
  'root',
  'sudo',
  'disk',
  'shadow',
  'docker',
  'lxd',
  'incus-admin',
]);

const join = (want: Desired, found: Actual, groups: string[]): Finding<UserOp> => ({
  does: { op: 'join', name: want.name, groups },
  description: `add ${want.name} to ${groups.join(', ')}`,
  risk: groups.some((name) => ROOT_BY_MEMBERSHIP.has(name)) ? 'disruptive' : 'safe',
  changes: [{ path: 'groups', from: found.groups, to: [...found.groups, ...groups].sort() }],
  undo: { by: { op: 'leave', name: want.name, groups } },
});

const leave = (want: Desired, found: Actual, groups: string[]): Finding<UserOp> => ({
  does: { op: 'leave', name: want.name, groups },
  description: `take ${want.name} out of ${groups.join(', ')}`,
  risk: 'disruptive',
  changes: [
    { path: 'groups', from: found.groups, to: found.groups.filter((name) => !groups.includes(name)) },
  ],
  undo: { by: { op: 'join', name: want.name, groups } },
});

const keepSudo = (want: Desired, found: Actual): Finding<UserOp> => ({
  refuses: `${want.name} is the last member of group sudo; add somebody else to it first, or list it`,
  changes: [{ path: 'groups', from: found.groups, to: found.groups.filter((name) => name !== 'sudo') }],
});

/** Supplementary groups as sets; the primary group is none of them (usermod(8) -G). */
export const diffGroups = (want: Desired, found: Actual): readonly Finding<UserOp>[] => {
  const primary = want.primaryGroup ?? found.primaryGroup;
  const wanted = new Set(want.groups.filter((name) => name !== primary));
  const live = new Set(found.groups);
  const missing = [...wanted].filter((name) => !live.has(name)).sort();
  const extra =
    want.groupsMode === 'added' ? [] : found.groups.filter((name) => !wanted.has(name) && name !== primary);
  const kept = found.lastInSudo && extra.includes('sudo');
  const left = kept ? extra.filter((name) => name !== 'sudo') : extra;
  return [
    ...(missing.length > 0 ? [join(want, found, missing)] : []),
    ...(kept ? [keepSudo(want, found)] : []),
    ...(left.length > 0 ? [leave(want, found, left)] : []),
  ];
};
