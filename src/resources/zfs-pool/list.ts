/** A pool that is there, as an entry of the manifest. */
import type { z } from 'zod';
import type { PoolLeaf, PoolVdev } from '../../facts/zpool-config.ts';
import type { PoolStatus } from '../../facts/zpool-status.ts';
import type { desired } from './schema.ts';

type Entry = z.input<typeof desired>;
type Vdev = NonNullable<Entry['vdevs']>[number];

/** zpool shows the partition that it made on a disk that it was given whole. */
const diskOf = ({ path, alternatives }: PoolLeaf): string =>
  (alternatives?.at(-1)?.path ?? path).replace(/-part1$/, '');

const numberBefore = (letter: string, fields: readonly string[]): number | undefined => {
  const field = fields.find((one) => one.endsWith(letter));
  return field === undefined ? undefined : Number(field.slice(0, -1));
};

const vdevOf = ({ type, leaves }: PoolVdev): Vdev => {
  const [base = '', ...fields] = type.split(':');
  const [data, spares] = [numberBefore('d', fields), numberBefore('s', fields)];
  return {
    type: (base === 'disk' ? 'stripe' : base) as Vdev['type'],
    disks: leaves.map(diskOf),
    ...(data === undefined ? {} : { data }),
    ...(spares === undefined ? {} : { spares }),
  };
};

const sideOf = (vdevs: readonly PoolVdev[]): NonNullable<Entry['log']> =>
  vdevs.map(({ type, leaves }) => ({
    type: type === 'disk' ? ('stripe' as const) : ('mirror' as const),
    disks: leaves.map(diskOf),
  }));

const filled = <T>(name: string, list: readonly T[]): Record<string, readonly T[]> =>
  list.length === 0 ? {} : { [name]: list };

export const manifestEntry = ({ name, config }: PoolStatus): Entry => ({
  name,
  vdevs: config.data.map(vdevOf),
  ...filled('special', sideOf(config.special)),
  ...filled('dedup', sideOf(config.dedup)),
  ...filled('log', sideOf(config.log)),
  ...filled('cache', config.cache.map(diskOf)),
  ...filled('spares', config.spares.map(diskOf)),
});
