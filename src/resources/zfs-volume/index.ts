import { defineResource, refOf, type Ref } from '../../engine/resource-type.ts';
import type { Settings } from '../../facts/zfs-list.ts';
import { localProperties, ownDatasets } from '../../facts/zfs-local.ts';
import { parentOf, poolOf } from '../../facts/zfs-names.ts';
import { exactSize, parseSize } from '../../facts/zfs-sizes.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { read } from './read.ts';
import { desired, ops, type Desired } from './schema.ts';

/** What is destroyed must not wait for the dataset that it is in: that one may be destroyed after it. */
const needs = ({ name, ensure }: Desired): Ref[] => [
  refOf('ZfsPool', poolOf(name)),
  ...(ensure === 'absent' ? [] : [refOf('ZfsDataset', parentOf(name) ?? '')]),
];

const entryOf = (name: string, settings: Settings) => {
  const bytes = (property: string): bigint => parseSize(settings[property]?.value ?? '') ?? 0n;
  return {
    name,
    size: exactSize(bytes('volsize')),
    sparse: bytes('refreservation') < bytes('volsize'),
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
  requires: needs,
  owns: (want) => [`zfs:${want.name}`],

  read,
  diff,
  converge,
  list: async (host) =>
    (await ownDatasets(host, 'volume')).map(([name, settings]) => entryOf(name, settings)),
});
