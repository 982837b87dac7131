import type { Action, Finding, Refusal } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { destroyRefusal, refuseType, usedText } from '../../facts/zfs-destroy.ts';
import { bytesIn, type Settings } from '../../facts/zfs-list.ts';
import { poolOf } from '../../facts/zfs-names.ts';
import { creationText, creationValues, diffSettings } from '../../facts/zfs-settings.ts';
import { exactSize, humanSize, parseSize } from '../../facts/zfs-sizes.ts';
import type { Actual } from './read.ts';
import type { Desired, VolumeOp } from './schema.ts';

const wantedSize = ({ size = 0 }: Desired): bigint => parseSize(String(size)) ?? 0n;

/** ZFS keeps whole blocks (zfs-create(8)). */
const roundedUp = (bytes: bigint, block: bigint): bigint =>
  block === 0n ? bytes : ((bytes + block - 1n) / block) * block;

const create = (want: Desired, pool: boolean): Action<VolumeOp> => {
  const { name, parents, sparse = false, volblocksize } = want;
  const size = exactSize(wantedSize(want));
  const properties = {
    ...creationValues(want.properties),
    ...(volblocksize === undefined ? {} : { volblocksize: exactSize(parseSize(String(volblocksize)) ?? 0n) }),
  };
  const text = creationText(properties);
  return {
    does: { op: 'create', name, size: String(wantedSize(want)), sparse, properties, parents },
    description:
      `create volume ${name} of ${size}${sparse ? ', sparse' : ''}${text && ` (${text})`}` +
      (pool ? '' : `, once pool ${poolOf(name)} is imported`),
    risk: 'safe',
    changes: [
      { path: 'type', from: null, to: 'volume' },
      { path: 'volsize', from: null, to: size },
      ...Object.entries(properties).map(([path, to]) => ({ path, from: null, to })),
    ],
    undo: { none: `it may hold data by now; by hand, once it does not: zfs destroy ${name}` },
  };
};

const sizeChange = (from: bigint, to: bigint) => ({
  path: 'volsize',
  from: exactSize(from),
  to: exactSize(to),
});

const refuseSpace = (name: string, needed: bigint, available: bigint, path: string): Refusal => ({
  refuses: `${name} needs ${humanSize(needed)} more, and ${humanSize(available)} are available; declare it sparse, or make room first`,
  changes: [{ path, from: humanSize(available), to: humanSize(needed) }],
});

/** Larger is safe for data, and nobody can take it back: a smaller size cuts off what is at the end. */
const grow = (name: string, from: bigint, to: bigint): Action<VolumeOp> => ({
  does: { op: 'grow', name, size: String(to) },
  description: `grow volume ${name} from ${exactSize(from)} to ${exactSize(to)}`,
  risk: 'disruptive',
  changes: [sizeChange(from, to)],
  undo: { none: 'shrinking a volume cuts off its end' },
});

const diffSize = (want: Desired, live: Settings): Finding<VolumeOp>[] => {
  const from = bytesIn(live, 'volsize');
  const to = roundedUp(wantedSize(want), bytesIn(live, 'volblocksize'));
  if (to === from) return [];
  if (to < from)
    return [
      {
        refuses:
          `${want.name} has ${exactSize(from)}, and ${exactSize(to)} is declared: a volume is never shrunk, because that ` +
          'cuts off its end; declare what it has, or move its data to a new one',
        changes: [sizeChange(from, to)],
      },
    ];
  const available = bytesIn(live, 'available');
  const isThick = bytesIn(live, 'refreservation') > 0n;
  if (isThick && to - from > available) return [refuseSpace(want.name, to - from, available, 'volsize')];
  return [grow(want.name, from, to)];
};

/** ZFS computes what a whole volume takes, with its metadata: `auto`. */
const reserve = (name: string, live: Settings, sparse: boolean): Action<VolumeOp> => {
  const from = live['refreservation']?.value ?? '0';
  const to = sparse ? 'none' : 'auto';
  const op = (refreservation: string): VolumeOp => ({
    op: 'set',
    name,
    set: { refreservation },
    inherit: [],
    revert: [],
  });
  return {
    does: op(to),
    description: sparse
      ? `keep no space free for ${name} (refreservation=none): writes fail when the pool is full`
      : `keep the whole size of ${name} free (refreservation=auto)`,
    risk: 'safe',
    changes: [{ path: 'sparse', from: !sparse, to: sparse }],
    undo: { by: op(from === '0' ? 'none' : from) },
  };
};

const diffSparse = (want: Desired, live: Settings): Finding<VolumeOp>[] => {
  const kept = bytesIn(live, 'refreservation');
  const size = bytesIn(live, 'volsize');
  if (want.sparse === undefined || want.sparse === kept < size) return [];
  const needed = size - bytesIn(live, 'referenced');
  if (!want.sparse && needed > bytesIn(live, 'available'))
    return [refuseSpace(want.name, needed, bytesIn(live, 'available'), 'sparse')];
  return [reserve(want.name, live, want.sparse)];
};

const diffBlock = (want: Desired, live: Settings): Finding<VolumeOp>[] => {
  if (want.volblocksize === undefined) return [];
  const [from, to] = [bytesIn(live, 'volblocksize'), parseSize(String(want.volblocksize)) ?? 0n];
  if (from === to) return [];
  return [
    {
      refuses:
        `only creation can set volblocksize: ${want.name} has ${exactSize(from)}, and ${exactSize(to)} is declared; ` +
        'declare what it has, or move its data to a new volume',
      changes: [{ path: 'volblocksize', from: exactSize(from), to: exactSize(to) }],
    },
  ];
};

const diffPresent = (want: Desired, { pool, live, release }: Actual): Finding<VolumeOp>[] => {
  if (live === undefined) return [create(want, pool)];
  const type = refuseType(want.name, 'volume', live);
  if (type !== undefined) return [type];
  return [
    ...diffBlock(want, live),
    ...diffSize(want, live),
    ...diffSparse(want, live),
    ...diffSettings(want, { settings: live, release }),
  ];
};

const refuseUse = (name: string, uses: readonly string[]): Refusal => ({
  refuses: `${name} is not destroyed: ${uses.join(', ')}; take it out of use first`,
  changes: [{ path: 'type', from: 'volume', to: null }],
});

const diffAbsent = ({ name }: Desired, { live, snapshots = [], uses = [] }: Actual): Finding<VolumeOp>[] => {
  if (live === undefined) return [];
  const refusal = refuseType(name, 'volume', live) ?? destroyRefusal(name, snapshots);
  if (refusal !== undefined) return [refusal];
  if (uses.length > 0) return [refuseUse(name, uses)];
  return [
    {
      does: { op: 'destroy', name },
      description: `destroy volume ${name} with its data (${usedText(live)})`,
      risk: 'destructive',
      changes: [{ path: 'type', from: 'volume', to: null }],
      undo: { none: 'what was in it is gone; restore it from a backup' },
    },
  ];
};

export const diff = (want: Desired, actual: Known<Actual>): Finding<VolumeOp>[] => {
  const found = actual.is === 'present' ? actual.value : { pool: false };
  return want.ensure === 'absent' ? diffAbsent(want, found) : diffPresent(want, found);
};
