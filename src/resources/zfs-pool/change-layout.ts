import { leavesOf, parseConfig } from '../../facts/zpool-config.ts';
import { poolStatuses } from '../../facts/zpool-status.ts';
import type { Host } from '../../host/host.ts';
import { mustBeEmpty, settle } from './look-again.ts';
import type { PoolOp } from './schema.ts';
import { vdevArguments } from './wanted.ts';

type OpOf<Name extends PoolOp['op']> = Extract<PoolOp, { op: Name }>;

const CLASS = { log: 'log', cache: 'cache', spare: 'spares' } as const;

const shortName = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/-part1$/, '');

/**
 * What `zpool add -n` would make of the pool must be the pool as it is and the new vdev in its class, nothing else: a
 * vdev that lands among the data stays there.
 */
const mustAddOnlyThis = async (op: OpOf<'add'>, args: readonly string[], host: Host): Promise<void> => {
  const { stdout } = await host.run({ program: 'zpool', args: ['add', '-n', ...args] });
  const planned = parseConfig(stdout.split('\n'));
  const pool = (await host.fact(poolStatuses))?.find(({ name }) => name === op.pool);
  if (pool === undefined) throw new Error(`pool ${op.pool} is not imported any more`);
  const { [CLASS[op.as]]: grown } = planned;
  const shown = grown
    .flatMap((one) => ('leaves' in one ? one.leaves : [one]))
    .map(({ path }) => shortName(path));
  const missing = op.vdev.disks.filter((disk) => !shown.includes(shortName(disk)));
  const expected = leavesOf(pool.config).length + op.vdev.disks.length;
  if (
    missing.length > 0 ||
    planned.data.length !== pool.config.data.length ||
    leavesOf(planned).length !== expected
  )
    throw new Error(`zpool add would not add what was planned, so nothing was added:\n${stdout.trimEnd()}`);
};

export const addVdev = async (op: OpOf<'add'>, host: Host): Promise<void> => {
  await mustBeEmpty(host, op.vdev.disks);
  const args = [op.pool, op.as, ...vdevArguments(op.vdev)];
  await mustAddOnlyThis(op, args, host);
  await host.run({ program: 'zpool', args: ['add', ...args], partitions: op.vdev.disks });
  await settle(host);
};

export const attachDisk = async (op: OpOf<'attach'>, host: Host): Promise<void> => {
  await mustBeEmpty(host, [op.disk]);
  await host.run({ program: 'zpool', args: ['attach', op.pool, op.to, op.disk], partitions: [op.disk] });
  await settle(host);
};

export const replaceDisk = async (op: OpOf<'replace'>, host: Host): Promise<void> => {
  await mustBeEmpty(host, [op.new]);
  await host.run({ program: 'zpool', args: ['replace', op.pool, op.old, op.new], partitions: [op.new] });
  await settle(host);
};
