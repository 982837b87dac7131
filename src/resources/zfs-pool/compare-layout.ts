/** Which vdevs of the manifest and of the pool are one, by what their disks are, never by how they are called. */
import { isSamePlace, type DiskPlace } from '../../facts/disk-place.ts';
import type { PoolConfig, PoolLeaf, PoolVdev } from '../../facts/zpool-config.ts';
import type { NewVdev } from './schema.ts';
import { singleDisks, type WantedLayout } from './wanted.ts';

export type Places = Readonly<Record<string, DiskPlace>>;

/** A vdev that has no partner on the other side, with what comes closest to it there. */
export interface Unmatched {
  readonly as: 'data' | 'special' | 'dedup' | 'log' | 'cache' | 'spares';
  readonly wanted?: NewVdev;
  readonly found?: PoolVdev;
}

/** Whether the leaf itself is that disk; what stands in for it does not count. */
export const isDisk = (places: Places, disk: string, { path, was }: PoolLeaf): boolean => {
  const [wanted, found] = [places[disk], places[path]];
  if (wanted !== undefined && found !== undefined) return isSamePlace(wanted, found);
  // One of them is gone: then only the name it last had can tell.
  return [path, was].some((name) => name === disk || name === `${disk}-part1`);
};

const isSameLeaf = (places: Places, wanted: string, leaf: PoolLeaf): boolean =>
  leaf.alternatives?.some((alternative) => isSameLeaf(places, wanted, alternative)) ??
  isDisk(places, wanted, leaf);

/** A missing leaf is a disk that was wanted whole or in part; the names of both stay the same. */
const leafFor = (places: Places, disk: string, leaves: readonly PoolLeaf[]): PoolLeaf | undefined =>
  leaves.find((leaf) => isSameLeaf(places, disk, leaf));

/** Disks of the manifest without a leaf, and leaves without a disk of the manifest. */
export const differenceOf = (
  places: Places,
  wanted: NewVdev,
  found: PoolVdev,
): { readonly missing: readonly string[]; readonly extra: readonly PoolLeaf[] } => ({
  missing: wanted.disks.filter((disk) => leafFor(places, disk, found.leaves) === undefined),
  extra: found.leaves.filter((leaf) => !wanted.disks.some((disk) => isSameLeaf(places, disk, leaf))),
});

/** draid1:2d:4c:1s; what the manifest leaves open is what ZFS has chosen. */
export const isSameType = (wanted: string, found: string): boolean => {
  const [base, ...fields] = wanted.split(':');
  const [foundBase, ...foundFields] = found.split(':');
  return base === foundBase && fields.every((field) => foundFields.includes(field) || field === '0s');
};

const isSameVdev = (places: Places, wanted: NewVdev, found: PoolVdev): boolean => {
  if (!isSameType(wanted.type, found.type)) return false;
  const { missing, extra } = differenceOf(places, wanted, found);
  return missing.length === 0 && extra.length === 0;
};

const overlap = (places: Places, wanted: NewVdev, found: PoolVdev): boolean =>
  wanted.disks.some((disk) => leafFor(places, disk, found.leaves) !== undefined);

const compareClass = (
  places: Places,
  as: Unmatched['as'],
  wanted: readonly NewVdev[],
  found: readonly PoolVdev[],
): Unmatched[] => {
  const left = [...found];
  const take = (fits: (vdev: PoolVdev) => boolean): PoolVdev | undefined => {
    const index = left.findIndex(fits);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  const unmatched = wanted.filter((want) => take((vdev) => isSameVdev(places, want, vdev)) === undefined);
  const paired = unmatched.map((want): Unmatched => {
    const nearest = take((vdev) => overlap(places, want, vdev));
    return { as, wanted: want, ...(nearest === undefined ? {} : { found: nearest }) };
  });
  return [...paired, ...left.map((vdev) => ({ as, found: vdev }))];
};

const leavesAsVdevs = (leaves: readonly PoolLeaf[]): PoolVdev[] =>
  leaves.map((leaf) => ({ type: 'disk', state: leaf.state, leaves: [leaf] }));

/** What is only on one side; empty when the layouts are the same. Order and numbering do not count. */
export const compareLayout = (places: Places, wanted: WantedLayout, found: PoolConfig): Unmatched[] => [
  ...compareClass(places, 'data', wanted.data, found.data),
  ...compareClass(places, 'special', wanted.special, found.special),
  ...compareClass(places, 'dedup', wanted.dedup, found.dedup),
  ...compareClass(places, 'log', wanted.log, found.log),
  ...compareClass(places, 'cache', singleDisks(wanted.cache), leavesAsVdevs(found.cache)),
  ...compareClass(places, 'spares', singleDisks(wanted.spares), leavesAsVdevs(found.spares)),
];
