import { defineResource, refOf, type Ref } from '../../engine/resource-type.ts';
import { parentRefs } from '../../facts/paths.ts';
import { proxmoxHost } from '../../facts/proxmox.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { listed } from './list.ts';
import { read, sections } from './read.ts';
import { desired, ops, type Desired } from './schema.ts';

/** The datasets that a name of ZFS stands for, up to its pool. */
const zfsRefs = (name: string): Ref[] => [
  refOf('ZfsPool', name.split('/')[0] ?? name),
  ...(name.includes('/') ? [refOf('ZfsDataset', name)] : []),
];

const requires = (want: Desired): Ref[] => {
  if (want.ensure === 'absent') return [];
  if (want.type === 'zfspool') return zfsRefs(want.pool ?? '');
  const path = want.path ?? '';
  // a dataset is mounted under its own name unless told otherwise
  return want.type === 'dir'
    ? [refOf('Directory', path), ...parentRefs(path), ...zfsRefs(path.slice(1))]
    : [];
};

export default defineResource({
  kind: 'ProxmoxStorage',
  summary:
    'A storage of Proxmox VE: a directory, ZFS, LVM-thin, NFS or CIFS. Only the named storage and only what is declared; other entries are left alone, always. Never changes what is set only at creation, and never removes a storage that a guest or backup job names.',
  desired,
  ops,
  examples: [
    { id: 'vmdata', type: 'zfspool', pool: 'tank/vmdata', content: ['images', 'rootdir'], sparse: true },
    {
      id: 'backups',
      type: 'dir',
      path: '/tank/backups',
      content: ['backup'],
      pruneBackups: { keepLast: 3, keepWeekly: 4 },
    },
    {
      id: 'nas',
      type: 'cifs',
      server: 'nas.example.org',
      share: 'iso',
      content: ['iso', 'vztmpl'],
      username: 'pve',
      password: { file: '/etc/phoenix/secrets/nas' },
    },
    { id: 'old-nas', ensure: 'absent' },
  ],

  key: (want) => want.id,
  requires,

  read,
  diff,
  converge,

  list: (host) =>
    Promise.resolve(proxmoxHost(host) === 'missing' ? [] : [...sections(host).values()].flatMap(listed)),
});
