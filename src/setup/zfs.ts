import { z } from 'zod';
import zfsPool from '../resources/zfs-pool/index.ts';
import { defineStep, notAvailable, said, type Entry } from './step.ts';

const schema = z
  .strictObject({
    arcMax: notAvailable('zfs.arcMax'),
    pools: z.array(zfsPool.desired).default([]).meta({ description: 'pools, each with its disks' }),
    datasets: notAvailable('zfs.datasets'),
    storage: notAvailable('zfs.storage'),
  })
  .optional()
  .meta({ description: 'pools, datasets and what Proxmox VE stores in them' });
type Zfs = NonNullable<z.output<typeof schema>>;

/** zpool(8) comes with the package; on Debian, unlike on Proxmox VE, the modules do not (zfs-dkms). */
const packages: Entry = {
  kind: 'AptPackage',
  desired: { name: 'zfsutils-linux' },
  at: [],
  inPassing: true,
};

const poolEntries = ({ pools }: Zfs): Entry[] =>
  pools.map((desired, index) => ({ kind: 'ZfsPool', desired: said(desired), at: ['pools', index] }));

export default defineStep({
  number: 2,
  name: 'zfs',
  section: 'zfs',
  schema,
  resources: (section) => (section === undefined ? [] : [packages, ...poolEntries(section)]),
});
