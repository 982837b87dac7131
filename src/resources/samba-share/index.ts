import { defineResource, refOf, type Ref } from '../../engine/resource-type.ts';
import { sameName } from '../../facts/samba/sections.ts';
import { parentRefs } from '../../facts/paths.ts';
import { convergeTogether } from './converge.ts';
import { diff } from './diff.ts';
import { list } from './list.ts';
import { read } from './read.ts';
import { desired, ops, type Desired } from './schema.ts';

const accountRefs = (want: Desired): Ref[] => [
  ...[want.validUsers, want.invalidUsers, want.readList, want.writeList]
    .flatMap((accounts) => accounts ?? [])
    .map((account) =>
      /^[@+&]/.test(account)
        ? refOf('UnixGroup', account.replace(/^[@+&]+/, ''))
        : refOf('UnixUser', account),
    ),
  ...(want.forceUser === undefined ? [] : [refOf('UnixUser', want.forceUser)]),
  ...(want.forceGroup === undefined ? [] : [refOf('UnixGroup', want.forceGroup.replace(/^\+/, ''))]),
];

const requires = (want: Desired): Ref[] => {
  const server = [refOf('AptPackage', 'samba'), refOf('SambaServer', 'system')];
  // a share can go without a server, and a server that is to go must wait for its shares
  if (want.ensure === 'absent' || want.path === undefined) return server.slice(0, 1);
  return [
    ...server,
    refOf('Directory', want.path),
    ...parentRefs(want.path),
    ...(want.dataset === undefined ? [] : [refOf('ZfsDataset', want.dataset)]),
    ...accountRefs(want),
  ];
};

export default defineResource({
  kind: 'SambaShare',
  summary:
    'A share of Samba, as a section of our own file; checked by testparm with the whole configuration before it is live. ' +
    'Never touches shares of others, and makes no directory: the path must be there, and its dataset mounted.',
  desired,
  ops,
  owesTo: ['SambaServer'],
  examples: [
    { name: 'media', path: '/srv/media', comment: 'Films and music', validUsers: ['@media'] },
    {
      name: 'work',
      path: '/tank/work',
      dataset: 'tank/work',
      readOnly: false,
      validUsers: ['alice', 'bob'],
      createMask: '0660',
      directoryMask: '2770',
      forceGroup: 'work',
      vfsObjects: ['acl_xattr'],
      previousVersions: { format: 'autosnap_%Y-%m-%d_%H:%M:%S_daily' },
      options: { 'veto files': '/.DS_Store/' },
    },
    { name: 'old', ensure: 'absent' },
  ],

  key: (want) => want.name,
  requires,
  owns: (want) => [`share:${sameName(want.name)}`],
  read,
  readsWhole: true,
  diff,

  converge: (op, host) => convergeTogether([op], host),
  convergeTogether,

  list,
});
