import type { Host } from '../../host/host.ts';
import { mustBeEmpty, settle } from './look-again.ts';
import type { PoolOp } from './schema.ts';
import { layoutArguments } from './wanted.ts';

type CreateOp = Extract<PoolOp, { op: 'create' }>;

const LONG = 600_000;

const options = (flag: string, values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);

/** Never with -f: what zpool(8) finds wrong is a second look at the disks. */
export const createPool = async (op: CreateOp, host: Host): Promise<void> => {
  const vdevs = [...op.data, ...op.special, ...op.dedup, ...op.log];
  const disks = [...vdevs.flatMap((vdev) => vdev.disks), ...op.cache, ...op.spares];
  await mustBeEmpty(host, disks);
  const args = [
    ...options('-o', op.properties),
    ...options('-O', op.rootProperties),
    op.pool,
    ...layoutArguments(op),
  ];
  await host.run({ program: 'zpool', args: ['create', '-n', ...args] });
  await host.run({ program: 'zpool', args: ['create', ...args], partitions: disks, timeout: LONG });
  await settle(host);
};
