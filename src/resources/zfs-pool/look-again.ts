/** Disks are looked at once more right before they are written to, whatever was known before. */
import { placeOf } from '../../facts/disk-place.ts';
import { poolStatuses } from '../../facts/zpool-status.ts';
import type { Host } from '../../host/host.ts';
import type { Candidate } from './actual.ts';
import { inspectDisks } from './inspect-disk.ts';

export const lookAgain = async (host: Host, paths: readonly string[]): Promise<Candidate[]> => {
  host.lookAnew();
  const pools = (await host.fact(poolStatuses)) ?? [];
  return await inspectDisks(host, paths, (path) => placeOf(host, path), { pools, claims: [] });
};

/** Throws unless each of them is proven to be empty at this moment. */
export const mustBeEmpty = async (host: Host, paths: readonly string[]): Promise<void> => {
  for (const { path, bars, sees } of await lookAgain(host, paths)) {
    const against = [...bars, ...sees];
    if (against.length > 0) throw new Error(`${path} is not an empty disk any more: ${against.join('; ')}`);
  }
};

/** udev makes the names of new partitions a moment later. */
export const settle = async (host: Host): Promise<void> => {
  await host.run({ program: 'udevadm', args: ['settle', '--timeout=60'] });
};
