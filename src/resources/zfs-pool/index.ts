import { leavesOf } from '../../facts/zpool-config.ts';
import { poolStatuses } from '../../facts/zpool-status.ts';
import { defineResource } from '../../engine/resource-type.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { manifestEntry } from './list.ts';
import { readPools } from './read.ts';
import { desired, disksOf, ops } from './schema.ts';

const A = '/dev/disk/by-id/ata-DISK_A';
const B = '/dev/disk/by-id/ata-DISK_B';

export default defineResource({
  kind: 'ZfsPool',
  summary:
    'A ZFS pool: its vdevs, its properties, imported. Never destroys a pool, never removes a disk from one, and writes only to disks that are proven to be empty; a layout that differs is reported.',
  desired,
  ops,
  examples: [
    { name: 'tank', layout: 'mirror', disks: [A, B], properties: { autotrim: true } },
    {
      name: 'bulk',
      vdevs: [
        { type: 'mirror', disks: [A, B] },
        { type: 'mirror', disks: ['/dev/disk/by-id/ata-DISK_C', '/dev/disk/by-id/ata-DISK_D'] },
      ],
      log: [{ type: 'mirror', disks: ['/dev/disk/by-id/nvme-LOG_A', '/dev/disk/by-id/nvme-LOG_B'] }],
      cache: ['/dev/disk/by-id/nvme-CACHE'],
      spares: ['/dev/disk/by-id/ata-SPARE'],
      rootProperties: { compression: 'lz4', mountpoint: 'none' },
      permit: { attach: true, add: ['log', 'cache', 'spares'] },
    },
  ],

  key: (want) => want.name,
  owns: (want) => disksOf(want).map((disk) => `disk:${disk}`),

  read: readPools,
  diff,
  converge,

  list: async (host) =>
    ((await host.fact(poolStatuses)) ?? [])
      .filter(({ config }) => leavesOf(config).every(({ path }) => path.startsWith('/dev/disk/')))
      .map(manifestEntry),
});
