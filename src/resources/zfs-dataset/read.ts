import { absent, present, readEach, type Reading } from '../../engine/reading.ts';
import type { HostReader } from '../../host/host.ts';
import { datasetsFor } from '../../facts/zfs-asked.ts';
import {
  altroots as altrootsFact,
  snapshotsOf,
  zfsRelease,
  type Datasets,
  type Settings,
} from '../../facts/zfs-list.ts';
import { isPool, poolOf } from '../../facts/zfs-names.ts';
import { mountPath, obstacleAt, shallBeMounted, withoutAltroot, type Altroots } from './mounting.ts';
import type { Desired } from './schema.ts';

export interface Actual {
  /** Its pool is imported. */
  readonly pool: boolean;
  /** What diff looks at; undefined if there is no such dataset. */
  readonly live?: Settings;
  readonly release?: string;
  /** Where it belongs once it is as declared, on this host (with the pool's alternate root). */
  readonly path?: string;
  /** Why it cannot be mounted there. */
  readonly obstacle?: string;
  /** Only looked for where it is to be destroyed. */
  readonly children?: readonly string[];
  readonly snapshots?: readonly string[];
}

const LOOKED_AT = [
  ...['type', 'used', 'available', 'referenced', 'reservation', 'refreservation'],
  ...['canmount', 'mountpoint', 'mounted', 'zoned', 'keystatus', 'encryptionroot', 'keylocation'],
];

interface Shared {
  readonly datasets: Datasets;
  readonly altroots: Altroots;
  readonly release: string | undefined;
  readonly snapshots: readonly string[];
}

const pick = (want: Desired, settings: Settings, altroot: string): Settings => {
  const names = [...LOOKED_AT, ...Object.keys(want.properties), ...want.inherit];
  const picked = Object.fromEntries(
    names.flatMap((name) => {
      const setting = settings[name];
      return setting === undefined ? [] : [[name, setting]];
    }),
  );
  const mountpoint = picked['mountpoint'];
  if (mountpoint === undefined) return picked;
  return { ...picked, mountpoint: { ...mountpoint, value: withoutAltroot(mountpoint.value, altroot) } };
};

/** A mount that would be new: what is in its way? */
const obstacleOf = (host: HostReader, want: Desired, path: string, live: Settings | undefined) => {
  const inPlace = live?.['mounted']?.value === 'yes' && live['mountpoint']?.value === path;
  const overlaid = want.properties['overlay'] === 'on' || want.properties['overlay'] === true;
  return inPlace || overlaid || shallBeMounted(want, live, path) !== true
    ? undefined
    : obstacleAt(host, path);
};

const mountOf = (host: HostReader, want: Desired, { datasets, altroots }: Shared) => {
  const path = mountPath(want, datasets, altroots);
  if (path === undefined) return {};
  const obstacle = obstacleOf(host, want, path, datasets.get(want.name));
  return { path, ...(obstacle === undefined ? {} : { obstacle }) };
};

const dependentsOf = (name: string, { datasets, snapshots }: Shared) => ({
  children: [...datasets.keys()].filter((one) => one.startsWith(`${name}/`)),
  snapshots: snapshots.filter((one) => one.startsWith(`${name}@`)),
});

const readOne = (host: HostReader, want: Desired, shared: Shared): Reading<Actual> => {
  const settings = shared.datasets.get(want.name);
  const pool = shared.datasets.has(poolOf(want.name));
  if (settings === undefined && (want.ensure === 'absent' || !pool))
    return want.ensure === 'absent' ? absent : present<Actual>({ pool });
  const altroot = shared.altroots.get(poolOf(want.name)) ?? '';
  return present<Actual>({
    pool,
    ...(settings === undefined ? {} : { live: pick(want, settings, altroot) }),
    ...(shared.release === undefined ? {} : { release: shared.release }),
    ...(want.ensure === 'absent' ? dependentsOf(want.name, shared) : mountOf(host, want, shared)),
  });
};

/** An alternate root matters only where a mountpoint is about to be compared that is not equal as it stands. */
const needsAltroot = (want: Desired, datasets: Datasets): boolean => {
  const live = datasets.get(want.name)?.['mountpoint'];
  if (want.inherit.includes('mountpoint')) return live?.source === 'local';
  const declared = want.properties['mountpoint'];
  return typeof declared === 'string' && declared.startsWith('/') && declared !== live?.value;
};

const snapshotsFor = async (
  host: HostReader,
  all: readonly Desired[],
  datasets: Datasets,
): Promise<readonly string[]> => {
  const names = all
    .filter(({ name, ensure }) => ensure === 'absent' && datasets.has(name))
    .map(({ name }) => name);
  return names.length === 0 ? [] : await host.fact(snapshotsOf(names));
};

export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const datasets = await datasetsFor(host, all);
  const present = all.filter(
    ({ ensure, name }) => ensure === 'present' && (datasets.has(poolOf(name)) || isPool(name)),
  );
  const shared: Shared = {
    datasets,
    altroots: present.some((want) => needsAltroot(want, datasets))
      ? await host.fact(altrootsFact)
      : new Map(),
    release: await host.fact(zfsRelease),
    snapshots: await snapshotsFor(host, all, datasets),
  };
  return readEach(
    all,
    ({ name }) => name,
    (want) => readOne(host, want, shared),
  );
};
