import { isRefusal, type Action, type Change, type Finding } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { isPool, poolOf } from '../../facts/zfs-names.ts';
import { destroyRefusal, refuseType, usedText } from '../../facts/zfs-destroy.ts';
import { creationText, creationValues, diffSettings, worstRisk } from '../../facts/zfs-settings.ts';
import { mount, mountRefusals, mountState, obstacleRefusal, unlock } from './diff-mount.ts';
import type { Actual } from './read.ts';
import type { DatasetOp, Desired } from './schema.ts';

const once = ({ name }: Desired, pool: boolean): string =>
  pool ? '' : `, once pool ${poolOf(name)} is imported`;

const awaitPool = (want: Desired): Action<DatasetOp> => ({
  does: { op: 'await-pool', name: want.name },
  description: `set ${creationText(creationValues(want.properties)) || 'nothing'} on ${want.name}${once(want, false)}`,
  risk: worstRisk(want.properties, want.inherit),
  changes: [{ path: 'pool', from: null, to: 'imported' }],
  undo: { none: 'the pool makes its root dataset' },
});

const creationChanges = (properties: Readonly<Record<string, string>>): Change[] => [
  { path: 'type', from: null, to: 'filesystem' },
  ...Object.entries(properties).map(([path, to]) => ({ path, from: null, to })),
];

const create = (want: Desired, { pool, path }: Actual): Action<DatasetOp> => {
  const { name, parents, key, mounted } = want;
  const properties = creationValues(want.properties);
  const text = creationText(properties);
  return {
    does: { op: 'create', name, properties, parents, mount: mounted !== false, ...(key && { key }) },
    description:
      `create dataset ${name}${text && ` (${text})`}` +
      `${path === undefined || mounted === false ? '' : ` on ${path}`}${once(want, pool)}`,
    risk: 'safe',
    changes: creationChanges(properties),
    undo: { none: `it may hold data by now; by hand, once it does not: zfs destroy ${name}` },
  };
};

const diffMissing = (want: Desired, actual: Actual): Finding<DatasetOp>[] => {
  if (isPool(want.name)) return [awaitPool(want)];
  const { path, obstacle } = actual;
  if (path !== undefined && obstacle !== undefined) return [obstacleRefusal(want.name, path, obstacle)];
  // Creation mounts by itself, but not with canmount=noauto.
  return [create(want, actual), ...(want.mounted === true ? [mount(want.name, path)] : [])];
};

const diffPresent = (want: Desired, actual: Actual): Finding<DatasetOp>[] => {
  const { live, path, release } = actual;
  if (live === undefined) return diffMissing(want, actual);
  const type = refuseType(want.name, 'filesystem', live);
  if (type !== undefined) return [type];
  const settings = diffSettings(want, { settings: live, release });
  const moved = settings.some(
    (one) => 'changes' in one && one.changes.some(({ path: changed }) => changed === 'mountpoint'),
  );
  const refused = mountRefusals(want, live, actual);
  if (refused.length > 0) return [...refused, ...settings.filter(isRefusal)];
  return [...unlock(want, live, path), ...settings, ...mountState(want, live, path, moved)];
};

const diffAbsent = (
  { name }: Desired,
  { live, children = [], snapshots = [] }: Actual,
): Finding<DatasetOp>[] => {
  if (live === undefined) return [];
  const refusal = refuseType(name, 'filesystem', live) ?? destroyRefusal(name, [...children, ...snapshots]);
  if (refusal !== undefined) return [refusal];
  return [
    {
      does: { op: 'destroy', name },
      description: `destroy dataset ${name} with all of its files (${usedText(live)})`,
      risk: 'destructive',
      changes: [{ path: 'type', from: 'filesystem', to: null }],
      undo: { none: 'what was in it is gone; restore it from a backup' },
    },
  ];
};

export const diff = (want: Desired, actual: Known<Actual>): Finding<DatasetOp>[] => {
  // ZFS is installed or not, a pool is imported or not: an earlier step may change both.
  const found = actual.is === 'present' ? actual.value : { pool: false };
  return want.ensure === 'absent' ? diffAbsent(want, found) : diffPresent(want, found);
};
