import { absent, present, readEach } from '../../engine/reading.ts';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import { parentRefs } from '../../facts/paths.ts';
import { converge } from './converge.ts';
import { diff, type Actual } from './diff.ts';
import { desired, ops, pathOf } from './schema.ts';

export default defineResource({
  kind: 'SudoRule',
  summary:
    'A file of its own in /etc/sudoers.d, checked by visudo before it is live, and taken back if sudo would refuse the whole. Never touches /etc/sudoers or the files of others.',
  desired,
  ops,
  examples: [
    { name: 'phoenix_admin', rules: [{ user: 'phoenix_admin' }] },
    {
      name: 'operators',
      rules: [
        {
          group: 'operators',
          runAs: 'root',
          nopasswd: true,
          commands: ['/usr/bin/systemctl restart smbd.service'],
        },
      ],
    },
    { name: 'old-team', ensure: 'absent' },
  ],

  key: (want) => want.name,
  requires: (want) =>
    want.ensure === 'absent'
      ? []
      : [
          refOf('AptPackage', 'sudo'),
          ...parentRefs(pathOf(want.name)),
          ...want.rules.map(({ user, group }) =>
            user === undefined ? refOf('UnixGroup', group ?? '') : refOf('UnixUser', user),
          ),
        ],
  owns: (want) => [`path:${pathOf(want.name)}`],

  read: (host, all) =>
    readEach(
      all,
      (want) => want.name,
      (want) => {
        const path = pathOf(want.name);
        const info = host.lstat(path);
        if (info === undefined) return absent;
        const { type, uid, gid } = info;
        const mode = info.mode.toString(8).padStart(4, '0');
        const text = type === 'file' ? (host.readFile(path) ?? '').toString() : '';
        return present<Actual>({ type, text, mode, uid, gid });
      },
    ),

  diff,
  converge,
});
