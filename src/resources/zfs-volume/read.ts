import { absent, present, readEach, type Reading } from '../../engine/reading.ts';
import type { HostReader } from '../../host/host.ts';
import { datasetsFor } from '../../facts/zfs-asked.ts';
import { snapshotsOf, zfsRelease, type Datasets, type Settings } from '../../facts/zfs-list.ts';
import { poolOf } from '../../facts/zfs-names.ts';
import { usesOf } from './in-use.ts';
import type { Desired } from './schema.ts';

export interface Actual {
  /** Its pool is imported. */
  readonly pool: boolean;
  /** What diff looks at; undefined if there is no such volume. */
  readonly live?: Settings;
  readonly release?: string;
  /** Only looked for where it is to be destroyed. */
  readonly snapshots?: readonly string[];
  readonly uses?: readonly string[];
}

const LOOKED_AT = [
  ...['type', 'used', 'available', 'referenced', 'reservation'],
  ...['volsize', 'volblocksize', 'refreservation'],
];

interface Shared {
  readonly datasets: Datasets;
  readonly release: string | undefined;
  readonly snapshots: readonly string[];
}

const pick = (want: Desired, settings: Settings): Settings =>
  Object.fromEntries(
    [...LOOKED_AT, ...Object.keys(want.properties), ...want.inherit].flatMap((name) => {
      const setting = settings[name];
      return setting === undefined ? [] : [[name, setting]];
    }),
  );

const readOne = (host: HostReader, want: Desired, shared: Shared): Reading<Actual> => {
  const settings = shared.datasets.get(want.name);
  if (settings === undefined)
    return want.ensure === 'absent'
      ? absent
      : present<Actual>({ pool: shared.datasets.has(poolOf(want.name)) });
  return present<Actual>({
    pool: true,
    live: pick(want, settings),
    ...(shared.release === undefined ? {} : { release: shared.release }),
    ...(want.ensure === 'present'
      ? {}
      : {
          snapshots: shared.snapshots.filter((one) => one.startsWith(`${want.name}@`)),
          uses: usesOf(host, want.name),
        }),
  });
};

export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const datasets = await datasetsFor(host, all);
  const doomed = all
    .filter(({ name, ensure }) => ensure === 'absent' && datasets.has(name))
    .map(({ name }) => name);
  const shared: Shared = {
    datasets,
    release: await host.fact(zfsRelease),
    snapshots: doomed.length === 0 ? [] : await host.fact(snapshotsOf(doomed)),
  };
  return readEach(
    all,
    ({ name }) => name,
    (want) => readOne(host, want, shared),
  );
};
