import { placeOf } from '../../facts/disk-place.ts';
import { leavesOf, type PoolLeaf } from '../../facts/zpool-config.ts';
import { importablePools, type ImportablePool } from '../../facts/zpool-import.ts';
import { poolProperties } from '../../facts/zpool-properties.ts';
import { poolStatuses, type PoolStatus } from '../../facts/zpool-status.ts';
import { present, reasonOf, unknown, type Reading } from '../../engine/reading.ts';
import type { HostReader } from '../../host/host.ts';
import type { Actual, FoundPool } from './actual.ts';
import type { Surroundings } from './bars.ts';
import { isDisk, type Places } from './compare-layout.ts';
import { inspectDisks } from './inspect-disk.ts';
import { disksOf, type Desired } from './schema.ts';

const namesOf = ({ path, was }: PoolLeaf): string[] => (was === undefined ? [path] : [path, was]);

/** Only what leads somewhere is in it. */
const placesOf = (host: HostReader, names: readonly string[]): Places =>
  Object.fromEntries(
    [...new Set(names)].flatMap((name) => {
      const place = placeOf(host, name);
      return place === undefined ? [] : [[name, place]];
    }),
  );

const foundPool = ({ guid, state, status, ofOtherHost, config }: ImportablePool): FoundPool => ({
  guid,
  state,
  ...(status === undefined ? {} : { status }),
  ofOtherHost,
  config,
});

interface Shared {
  readonly pools: readonly PoolStatus[] | undefined;
  readonly properties: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly surroundings: Surroundings;
}

const ofPool = async (host: HostReader, want: Desired, shared: Shared): Promise<Reading<Actual>> => {
  const pool = shared.pools?.find(({ name }) => name === want.name);
  const importable =
    pool === undefined ? (await host.fact(importablePools)).filter(({ name }) => name === want.name) : [];
  const configs = [...(pool === undefined ? [] : [pool.config]), ...importable.map(({ config }) => config)];
  const wanted = disksOf(want);
  const permitted = want.permit.replace.flatMap((one) => [one.old, one.new]);
  const places = placesOf(host, [...wanted, ...permitted, ...configs.flatMap(leavesOf).flatMap(namesOf)]);
  const isMember = (path: string): boolean =>
    pool !== undefined && leavesOf(pool.config).some((leaf) => isDisk(places, path, leaf));
  // A pool that can be imported is imported or reported: its disks are not looked at.
  const others = importable.length > 0 ? [] : wanted.filter((path) => !isMember(path));
  const candidates = await inspectDisks(host, others, (path) => places[path], shared.surroundings);
  if (shared.pools === undefined && candidates.some(({ sees }) => sees.length > 0))
    return unknown(
      'zpool(8) is not installed, so nobody can tell whether the pool is on these disks and only has to be imported; install zfsutils-linux first',
    );
  return present<Actual>({
    ...(pool === undefined ? {} : { pool: { ...pool, properties: shared.properties.get(want.name) ?? {} } }),
    importable: importable.map(foundPool),
    places,
    candidates,
  });
};

/** Where every disk of every declared pool leads: one that is named for two pools is found out. */
const claimsOf = (host: HostReader, all: readonly Desired[]): Surroundings['claims'] =>
  all.flatMap((want) =>
    disksOf(want).flatMap((path) => {
      const place = placeOf(host, path);
      return place === undefined ? [] : [{ path, pool: want.name, place }];
    }),
  );

/** Two processes for all pools while they are imported: their state, and their properties. */
export const readPools = async (
  host: HostReader,
  wanted: readonly Desired[],
  all: readonly Desired[] = wanted,
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const [pools, properties] = await Promise.all([host.fact(poolStatuses), host.fact(poolProperties)]);
  const surroundings = { pools: pools ?? [], claims: claimsOf(host, all) };
  const readings = new Map<string, Reading<Actual>>();
  for (const want of wanted) {
    const reading = await ofPool(host, want, { pools, properties, surroundings }).catch((error: unknown) =>
      unknown(reasonOf(error)),
    );
    readings.set(want.name, reading);
  }
  return readings;
};
