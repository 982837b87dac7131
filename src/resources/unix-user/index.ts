import { defineResource, refOf, type Ref } from '../../engine/resource-type.ts';
import { parentRefs } from '../../facts/paths.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { accounts, read } from './facts.ts';
import { desired, ops, type Desired } from './schema.ts';

/** /usr/bin/zsh comes from the package zsh, and so does nearly every shell. */
const shellPackage = (shell: string): Ref => refOf('AptPackage', shell.slice(shell.lastIndexOf('/') + 1));

const requires = (want: Desired): Ref[] => {
  if (want.ensure === 'absent') return [];
  return [
    ...[want.primaryGroup ?? want.name, ...want.groups].map((name) => refOf('UnixGroup', name)),
    ...(want.shell === undefined ? [] : [shellPackage(want.shell)]),
    ...parentRefs(want.home ?? `/home/${want.name}`),
  ];
};

export default defineResource({
  kind: 'UnixUser',
  summary:
    'A local user. Only what is declared is compared. Never changes the number of a user that exists, never moves what is in a home, never deletes a home unless asked, and never locks or removes root or the last member of group sudo.',
  desired,
  ops,
  examples: [
    {
      name: 'phoenix_admin',
      groups: ['sudo'],
      shell: '/bin/bash',
      passwordHash: { file: '/etc/phoenix/secrets/admin.hash' },
    },
    { name: 'backup-agent', system: true, home: '/var/lib/backup-agent', shell: '/usr/sbin/nologin' },
    { name: 'former-colleague', ensure: 'absent' },
  ],

  key: (want) => want.name,
  requires,
  read,
  diff,
  converge,

  /** People and root: system users belong to their packages. */
  async list(host) {
    const known = await accounts(host);
    return [...known.users.values()]
      .filter(({ uid }) => uid === 0 || (uid >= 1000 && uid < 60_000))
      .toSorted((a, b) => a.uid - b.uid)
      .map(({ name, uid, gid, home, shell }) => {
        const primaryGroup = known.groupNames.get(gid);
        const groups = (known.memberships.get(name) ?? []).filter((one) => one !== primaryGroup).toSorted();
        return {
          name,
          uid,
          ...(primaryGroup === undefined || primaryGroup === name ? {} : { primaryGroup }),
          ...(groups.length > 0 ? { groups } : {}),
          home,
          shell,
        };
      });
  },
});
