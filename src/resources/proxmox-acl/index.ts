import { present } from '../../engine/reading.ts';
import { defineResource, refOf, type Ref } from '../../engine/resource-type.ts';
import { proxmoxHost } from '../../facts/proxmox.ts';
import { pvePermissions, pveRoles, type PvePermission } from '../../facts/pveum.ts';
import type { HostReader } from '../../host/host.ts';
import { converge } from './converge.ts';
import { diff, type Actual } from './diff.ts';
import { desired, ops, showSubject, subjectOf, type Desired } from './schema.ts';

const keyOf = (want: Pick<Desired, 'path' | 'user' | 'group' | 'token'>): string =>
  `${showSubject(subjectOf(want))}:${want.path}`;

const requires = ({ user, token, path }: Desired): Ref[] => [
  ...[user ?? token?.replace(/!.*$/, '')].flatMap((id) =>
    id === undefined ? [] : [refOf('ProxmoxUser', id)],
  ),
  ...(path.startsWith('/storage/') ? [refOf('ProxmoxStorage', path.slice('/storage/'.length))] : []),
];

/** With one of these a user can give itself every other, or a shell of root. */
const POWERFUL =
  /^(?:Permissions\.Modify|Sys\.(?:Modify|Console|PowerMgmt|Incoming)|User\.Modify|Realm\.Allocate)$/;

interface Known {
  readonly permissions: readonly PvePermission[];
  readonly roles: ReadonlyMap<string, readonly string[]> | undefined;
}

/** The roles are asked for only where one is to be given. */
const readAll = async (host: HostReader, all: readonly Desired[]): Promise<Known | undefined> => {
  if (proxmoxHost(host) === 'missing') return undefined;
  const needsRoles = all.some(({ role }) => role !== undefined);
  const [permissions, roles] = await Promise.all([
    host.fact(pvePermissions),
    needsRoles ? host.fact(pveRoles) : undefined,
  ]);
  return permissions && { permissions, roles };
};

const actualOf = (want: Desired, { permissions, roles }: Known): Actual => {
  const { type, name } = subjectOf(want);
  return {
    isProxmox: true,
    held: permissions
      .filter((one) => one.path === want.path && one.type === type && one.subject === name)
      .map(({ role, propagate }) => ({ role, propagate })),
    ...(roles === undefined ? {} : { roles: [...roles.keys()] }),
    isPowerful: roles?.get(want.role ?? '')?.some((one) => POWERFUL.test(one)) ?? false,
  };
};

export default defineResource({
  kind: 'ProxmoxAcl',
  summary:
    'The one role that a user, group or token of Proxmox VE has on a path. Other roles of the same subject on the same path are revoked; other subjects and other paths are left alone. root@pam is always Administrator, so nobody is locked out.',
  desired,
  ops,
  examples: [
    { path: '/', user: 'alice@pam', role: 'Administrator' },
    { path: '/vms/100', group: 'operators', role: 'PVEVMUser', propagate: false },
    { path: '/storage/backups', token: 'backup@pve!nightly', role: 'PVEDatastoreUser' },
    { path: '/', user: 'former-colleague@pam', ensure: 'absent' },
  ],

  key: keyOf,
  requires,

  async read(host, all) {
    const known = await readAll(host, all);
    return new Map(
      all.map((want) => [
        keyOf(want),
        present<Actual>(known === undefined ? { isProxmox: false } : actualOf(want, known)),
      ]),
    );
  },

  diff,
  converge,

  async list(host) {
    const known = await readAll(host, []);
    return (known?.permissions ?? []).flatMap(({ path, type, subject, role, propagate }) => {
      const entry = { path, [type]: subject, role, ...(propagate ? {} : { propagate }) };
      return desired.safeParse(entry).success ? [entry] : [];
    });
  },
});
