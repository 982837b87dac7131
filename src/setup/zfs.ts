import { z } from 'zod';
import zfsDataset from '../resources/zfs-dataset/index.ts';
import zfsPool from '../resources/zfs-pool/index.ts';
import { defineStep, notAvailable, said, type Entry } from './step.ts';

const schema = z
  .strictObject({
    arcMax: notAvailable('zfs.arcMax'),
    pools: z.array(zfsPool.desired).default([]).meta({ description: 'pools, each with its disks' }),
    datasets: z
      .array(zfsDataset.desired)
      .default([])
      .meta({ description: 'filesystems, each below its pool or another one' }),
    storage: notAvailable('zfs.storage'),
  })
  .optional()
  .meta({ description: 'pools, datasets and what Proxmox VE stores in them' });
/** zpool(8) comes with the package; on Debian, unlike on Proxmox VE, the modules do not (zfs-dkms). */
const packages: Entry = {
  kind: 'AptPackage',
  desired: { name: 'zfsutils-linux' },
  at: [],
  inPassing: true,
};

const entries = (kind: string, section: string, all: readonly object[]): Entry[] =>
  all.map((desired, index) => ({ kind, desired: said({ ...desired }), at: [section, index] }));

export default defineStep({
  number: 2,
  name: 'zfs',
  section: 'zfs',
  schema,
  resources: (section) =>
    section === undefined
      ? []
      : [
          packages,
          ...entries('ZfsPool', 'pools', section.pools),
          ...entries('ZfsDataset', 'datasets', section.datasets),
        ],
});
