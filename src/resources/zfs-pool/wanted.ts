/** The layout that the manifest wants, in the words that `zpool create` takes. */
import type { Desired, NewVdev } from './schema.ts';

type Vdev = NonNullable<Desired['vdevs']>[number];

/** draid1:2d:4c:1s; `c` counts all its disks (zpoolconcepts(7)). */
const draidType = ({ type, disks, data, spares }: Vdev): string =>
  [type, ...(data === undefined ? [] : [`${data}d`]), `${disks.length}c`, `${spares ?? 0}s`].join(':');

/** Disks that are top-level vdevs by themselves. */
export const singleDisks = (disks: readonly string[]): NewVdev[] =>
  disks.map((disk) => ({ type: 'disk', disks: [disk] }));

/** A stripe is as many top-level vdevs as it has disks. */
const expand = (vdev: Vdev): NewVdev[] => {
  if (vdev.type === 'stripe') return singleDisks(vdev.disks);
  return [{ type: vdev.type.startsWith('draid') ? draidType(vdev) : vdev.type, disks: vdev.disks }];
};

export interface WantedLayout {
  readonly data: readonly NewVdev[];
  readonly special: readonly NewVdev[];
  readonly dedup: readonly NewVdev[];
  readonly log: readonly NewVdev[];
  readonly cache: readonly string[];
  readonly spares: readonly string[];
}

export const wantedLayout = (want: Desired): WantedLayout => {
  const data =
    want.vdevs ??
    (want.layout === undefined || want.disks === undefined ? [] : [{ type: want.layout, disks: want.disks }]);
  return {
    data: data.flatMap(expand),
    special: want.special.flatMap(expand),
    dedup: want.dedup.flatMap(expand),
    log: want.log.flatMap(expand),
    cache: want.cache,
    spares: want.spares,
  };
};

/** The arguments of `zpool create` and `zpool add` for one vdev. */
export const vdevArguments = ({ type, disks }: NewVdev): string[] =>
  type === 'disk' ? disks : [type, ...disks];

/** The layout as arguments; classes after the data, each behind its own word. */
export const layoutArguments = (layout: WantedLayout): string[] => {
  const behind = (word: string, vdevs: readonly NewVdev[]): string[] =>
    vdevs.length === 0 ? [] : [word, ...vdevs.flatMap(vdevArguments)];
  return [
    ...layout.data.flatMap(vdevArguments),
    ...behind('special', layout.special),
    ...behind('dedup', layout.dedup),
    ...behind('log', layout.log),
    ...(layout.cache.length === 0 ? [] : ['cache', ...layout.cache]),
    ...(layout.spares.length === 0 ? [] : ['spare', ...layout.spares]),
  ];
};
