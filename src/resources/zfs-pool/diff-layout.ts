/** Changes of a layout that the manifest permits by name; anything else has a reason why it is not made. */
import type { Action } from '../../engine/action.ts';
import type { PoolLeaf, PoolVdev } from '../../facts/zpool-config.ts';
import { differenceOf, isDisk, isSameType, type Places, type Unmatched } from './compare-layout.ts';
import type { Desired, NewVdev, PoolOp } from './schema.ts';

/** The actions, and the disks that they write to. */
interface Permitted {
  readonly actions: readonly Action<PoolOp>[];
  readonly disks: readonly string[];
}
interface Refused {
  readonly why: string;
}
type LayoutChange = Permitted | Refused;

export const isPermitted = (change: LayoutChange): change is Permitted => 'actions' in change;
export const isRefused = (change: LayoutChange): change is Refused => 'why' in change;

const WORDS = { log: 'log', cache: 'cache', spares: 'spare' } as const;

const addVdev = (want: Desired, as: keyof typeof WORDS, vdev: NewVdev): LayoutChange => {
  const word = WORDS[as];
  if (!want.permit.add.includes(as))
    return {
      why: `${word} ${vdev.disks.join(' ')} is only in the manifest; to add it: permit: { add: [${as}] }`,
    };
  return {
    disks: vdev.disks,
    actions: [
      {
        does: { op: 'add', pool: want.name, as: word, vdev: { type: vdev.type, disks: [...vdev.disks] } },
        description: `add ${word} ${vdev.type === 'disk' ? '' : `${vdev.type} of `}${vdev.disks.join(' and ')} to pool ${want.name}`,
        risk: 'disruptive',
        changes: [{ path: as, from: null, to: vdev.disks.join(' ') }],
        undo: { none: `by hand: zpool remove ${want.name} ${vdev.disks.join(' ')}` },
      },
    ],
  };
};

const isMirrorable = (type: string): boolean => type === 'mirror' || type === 'disk';

/** Every disk that the mirror is to have besides goes to the first that it has. */
const attach = (want: Desired, missing: readonly string[], found: PoolVdev): LayoutChange => {
  const first = found.leaves.find(({ state }) => state === 'ONLINE');
  if (!want.permit.attach || first === undefined)
    return { why: `${missing.join(', ')} is only in the manifest; to attach it: permit: { attach: true }` };
  return {
    disks: missing,
    actions: missing.map((disk) => ({
      does: { op: 'attach', pool: want.name, to: first.path, disk },
      description: `attach ${disk} to ${first.path} of pool ${want.name}, which resilvers`,
      risk: 'disruptive',
      changes: [{ path: 'mirror', from: null, to: disk }],
      undo: { none: `by hand, once it has resilvered: zpool detach ${want.name} ${disk}` },
    })),
  };
};

const replace = (
  want: Desired,
  places: Places,
  missing: readonly string[],
  extra: readonly PoolLeaf[],
): LayoutChange => {
  const actions: Action<PoolOp>[] = [];
  for (const disk of missing) {
    const permitted = want.permit.replace.find((one) => one.new === disk);
    const leaf = permitted && extra.find((one) => isDisk(places, permitted.old, one));
    if (leaf === undefined)
      return {
        why: `${disk} is only in the manifest, ${extra.map(({ path, was }) => was ?? path).join(', ')} only in the pool; to replace one by the other: permit: { replace: [{ old, new }] }`,
      };
    actions.push({
      does: { op: 'replace', pool: want.name, old: leaf.path, new: disk },
      description: `replace ${leaf.was ?? leaf.path} of pool ${want.name} by ${disk}, which resilvers`,
      risk: 'disruptive',
      changes: [{ path: 'disk', from: leaf.was ?? leaf.path, to: disk }],
      undo: { none: `by hand: zpool replace ${want.name} ${disk} ${leaf.path}` },
    });
  }
  return { actions, disks: missing };
};

const changeVdev = (want: Desired, places: Places, wanted: NewVdev, found: PoolVdev): LayoutChange => {
  const { missing, extra } = differenceOf(places, wanted, found);
  if (extra.length === 0 && wanted.type === 'mirror' && isMirrorable(found.type))
    return attach(want, missing, found);
  if (isSameType(wanted.type, found.type) && missing.length === extra.length)
    return replace(want, places, missing, extra);
  return {
    why: `a ${found.type} of ${found.leaves.length} is not made a ${wanted.type} of ${wanted.disks.length}`,
  };
};

/** What becomes of a vdev that is not the same on both sides. */
export const changeOf = (want: Desired, places: Places, { as, wanted, found }: Unmatched): LayoutChange => {
  if (wanted === undefined)
    return {
      why: `${(found?.leaves ?? []).map(({ path, was }) => was ?? path).join(', ')} (${as}) is only in the pool; nothing is removed from a pool, by hand: zpool remove`,
    };
  if (found !== undefined) return changeVdev(want, places, wanted, found);
  if (as === 'log' || as === 'cache' || as === 'spares') return addVdev(want, as, wanted);
  return {
    why: `${wanted.type} ${wanted.disks.join(' ')} (${as}) is only in the manifest; a vdev that is added can hardly be taken away again, so it is left to you: zpool add`,
  };
};
