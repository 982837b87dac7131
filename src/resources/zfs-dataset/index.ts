import { defineResource } from '../../engine/resource-type.ts';
import { requiredBy } from '../../facts/zfs-names.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { list } from './list.ts';
import { read } from './read.ts';
import { desired, ops, type Desired } from './schema.ts';

const mountpointOf = ({ ensure, properties: { mountpoint } }: Desired): string[] =>
  ensure === 'present' && typeof mountpoint === 'string' && mountpoint.startsWith('/')
    ? [`mountpoint:${mountpoint}`]
    : [];

export default defineResource({
  kind: 'ZfsDataset',
  summary:
    'A filesystem of a ZFS pool: its properties, key and mount. Sets only what differs and is declared, never mounts ' +
    'over content, never destroys snapshots or datasets below it, and never touches what belongs to a guest of Proxmox VE.',
  desired,
  ops,
  examples: [
    {
      name: 'tank/media',
      properties: { compression: 'zstd', recordsize: '1M', quota: '1.5T', mountpoint: '/srv/media' },
      inherit: ['atime'],
    },
    {
      name: 'tank/private',
      properties: { encryption: 'on', keyformat: 'passphrase', 'org.example:owner': 'alice' },
      key: { file: '/etc/phoenix/secrets/tank-private' },
    },
    { name: 'tank', properties: { atime: 'off', xattr: 'sa', acltype: 'posix' } },
    { name: 'tank/old', ensure: 'absent' },
  ],

  key: (want) => want.name,
  requires: requiredBy,
  owns: (want) => [`zfs:${want.name}`, ...mountpointOf(want)],

  read,
  diff,
  converge,
  list,
});
