import { present, readEach } from '../../engine/reading.ts';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import { proxmoxHost } from '../../facts/proxmox.ts';
import { pveUsers } from '../../facts/pveum.ts';
import { converge } from './converge.ts';
import { diff, type Actual } from './diff.ts';
import { desired, ops } from './schema.ts';

export default defineResource({
  kind: 'ProxmoxUser',
  summary:
    'A user of Proxmox VE, in a realm. Only what is declared is compared. Never touches root@pam, passwords, tokens or second factors, and never the account of the host: that is UnixUser.',
  desired,
  ops,
  examples: [
    { user: 'alice@pam', comment: 'operator' },
    { user: 'backup@pve', groups: ['auditors'], expires: '2030-01-01' },
    { user: 'former-colleague@pam', ensure: 'absent' },
  ],

  key: (want) => want.user,
  requires: ({ user, ensure }) =>
    ensure === 'present' && user.endsWith('@pam') ? [refOf('UnixUser', user.slice(0, -'@pam'.length))] : [],

  async read(host, all) {
    const isProxmox = proxmoxHost(host) === 'ready';
    const users = isProxmox ? await host.fact(pveUsers) : undefined;
    return readEach(
      all,
      (want) => want.user,
      (want) => {
        if (users === undefined) return present<Actual>({ isProxmox: false });
        const user = users.get(want.user);
        return present<Actual>({ isProxmox: true, ...(user === undefined ? {} : { user }) });
      },
    );
  },

  diff,
  converge,

  async list(host) {
    const users = proxmoxHost(host) === 'ready' ? await host.fact(pveUsers) : undefined;
    return [...(users?.values() ?? [])].flatMap(({ id, enabled, groups, comment }) => {
      const entry = {
        user: id,
        ...(enabled ? {} : { enabled }),
        ...(groups.length > 0 ? { groups: [...groups] } : {}),
        ...(comment === '' ? {} : { comment }),
      };
      return desired.safeParse(entry).success ? [entry] : [];
    });
  },
});
