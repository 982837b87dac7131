import { defineResource, refOf } from '../../engine/resource-type.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { people, read, readAccounts } from './facts.ts';
import { desired, ops } from './schema.ts';

export default defineResource({
  kind: 'SambaUser',
  summary:
    'The account of a Unix user in Samba, with its password. A password that was changed is noticed by its hash, which ' +
    'is neither kept nor shown. Never makes a Unix user, and never changes the Unix password.',
  desired,
  ops,
  examples: [
    { name: 'alice', password: { file: '/etc/phoenix/secrets/alice.samba' } },
    { name: 'bob', password: { credential: 'bob.samba' }, disabled: true },
    { name: 'former-colleague', ensure: 'absent' },
  ],

  key: (want) => want.name,
  requires: (want) => [
    refOf('AptPackage', 'samba'),
    ...(want.ensure === 'absent' ? [] : [refOf('SambaServer', 'system'), refOf('UnixUser', want.name)]),
  ],
  read,
  diff,
  converge,

  /** Without their passwords, which cannot be read. */
  list: async (host) =>
    people(await readAccounts(host)).map(({ name, disabled }) => ({
      name,
      ...(disabled ? { disabled } : {}),
    })),
});
