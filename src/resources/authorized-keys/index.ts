import { defineResource, refOf } from '../../engine/resource-type.ts';
import { passwd } from '../../facts/accounts.ts';
import { parentRefs } from '../../facts/paths.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { keysTextOf, read } from './facts.ts';
import { faultOf } from './key-line.ts';
import { desired, ops } from './schema.ts';

const EXAMPLE_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJKqFnP6zHPxwAUeIEvuTKuZwCDGT/H3aPxq0Iq1Nyqg admin@example.net';

export default defineResource({
  kind: 'AuthorizedKeys',
  summary:
    'The SSH keys that open the login of a user. Other keys and comments stay byte for byte, unless `mode: exact`. Follows no symlink in a home, and does not touch the cluster-wide list of Proxmox VE.',
  desired,
  ops,
  examples: [
    { user: 'phoenix_admin', keys: [EXAMPLE_KEY] },
    { user: 'backup', mode: 'exact', keys: [`restrict,command="/usr/local/bin/pull" ${EXAMPLE_KEY}`] },
  ],

  key: (want) => want.user,
  requires: (want) => [
    refOf('UnixUser', want.user),
    ...parentRefs(want.path ?? `/home/${want.user}/.ssh/authorized_keys`),
  ],
  owns: (want) => (want.path === undefined ? [] : [`path:${want.path}`]),
  read,
  diff,
  converge,

  /** Of people and root. */
  async list(host) {
    return [...(await host.fact(passwd)).values()]
      .filter(({ uid }) => uid === 0 || (uid >= 1000 && uid < 60_000))
      .toSorted((a, b) => a.uid - b.uid)
      .flatMap((user) => {
        const keys = (keysTextOf(host, user) ?? '').split('\n').filter((line) => faultOf(line) === undefined);
        return keys.length > 0 ? [{ user: user.name, keys }] : [];
      });
  },
});
