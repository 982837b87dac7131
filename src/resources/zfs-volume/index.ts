import { defineResource } from '../../engine/resource-type.ts';
import { bytesIn, type Settings } from '../../facts/zfs-list.ts';
import { localProperties, ownDatasets } from '../../facts/zfs-local.ts';
import { requiredBy } from '../../facts/zfs-names.ts';
import { exactSize } from '../../facts/zfs-sizes.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { read } from './read.ts';
import { desired, ops } from './schema.ts';

const entryOf = (name: string, settings: Settings) => {
  const size = bytesIn(settings, 'volsize');
  return {
    name,
    size: exactSize(size),
    sparse: bytesIn(settings, 'refreservation') < size,
    properties: localProperties(settings, 'volume', [
      'volsize',
      'refreservation',
      'volblocksize',
      'keylocation',
    ]),
  };
};

export default defineResource({
  kind: 'ZfsVolume',
  summary:
    'A volume of a ZFS pool, as a block device below /dev/zvol. Grows and never shrinks, sets only what differs and is ' +
    'declared, is never destroyed while it is in use, and never touches what belongs to a guest of Proxmox VE.',
  desired,
  ops,
  examples: [
    { name: 'tank/iscsi/backup', size: '200G', sparse: true, volblocksize: '16K', parents: true },
    {
      name: 'tank/swap',
      size: '8G',
      properties: { compression: 'zle', sync: 'always', primarycache: 'metadata' },
    },
    { name: 'tank/old', ensure: 'absent' },
  ],

  key: (want) => want.name,
  requires: requiredBy,
  owns: (want) => [`zfs:${want.name}`],

  read,
  diff,
  converge,
  list: async (host) =>
    (await ownDatasets(host, 'volume')).map(([name, settings]) => entryOf(name, settings)),
});
