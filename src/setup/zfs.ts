import { z } from 'zod';
import proxmoxStorage from '../resources/proxmox-storage/index.ts';
import zfsArcMax from '../resources/zfs-arc-max/index.ts';
import zfsDataset from '../resources/zfs-dataset/index.ts';
import zfsPool from '../resources/zfs-pool/index.ts';
import { defineStep, entriesOf, type Entry } from './step.ts';

const schema = z
  .strictObject({
    arcMax: zfsArcMax.desired.shape.max.optional().meta({
      description: 'the largest size of the cache in memory: 32GiB, or a part of the memory such as 10%',
    }),
    pools: z.array(zfsPool.desired).default([]).meta({ description: 'pools, each with its disks' }),
    datasets: z
      .array(zfsDataset.desired)
      .default([])
      .meta({ description: 'filesystems, each below its pool or another one' }),
    storage: z
      .array(proxmoxStorage.desired)
      .default([])
      .meta({ description: 'storage of Proxmox VE, on hosts that have it' }),
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
          ...(section.arcMax === undefined
            ? []
            : [{ kind: 'ZfsArcMax', desired: { max: section.arcMax }, at: ['arcMax'] }]),
          ...entriesOf('ZfsPool', 'pools', section.pools),
          ...entriesOf('ZfsDataset', 'datasets', section.datasets),
          ...entriesOf('ProxmoxStorage', 'storage', section.storage),
        ],
});
