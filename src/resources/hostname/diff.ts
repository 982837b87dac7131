import { createHash } from 'node:crypto';
import type { Action, Finding, Refusal } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { HOSTNAME, HOSTS } from './facts.ts';
import { addressOfName, editHosts, type Naming } from './hosts-file.ts';
import type { Actual, Desired, HostnameOp } from './schema.ts';

const NOTHING: Actual = { proxmox: false, cluster: false, guests: [] };

/** Names that no host has by itself; a line with one of them is not about us. */
const isGeneric = (name: string): boolean => name.startsWith('localhost') || name === '(none)';

const oldNames = (want: Desired, { persisted, live }: Actual): string[] => [
  ...new Set(
    [persisted, live].flatMap((name) => {
      // A host whose name has a domain in it goes by the first part, too.
      const label = name?.toLowerCase().split('.')[0];
      return label === undefined || label === want.name || isGeneric(label) ? [] : [label];
    }),
  ),
];

const namingOf = (want: Desired, found: Actual): Naming | undefined => {
  const { name, domain, address } = want;
  const old = oldNames(want, found);
  const own = { name, old, ...(domain === undefined ? {} : { domain }) };
  if (address !== undefined) return { ...own, address, exclusive: true };
  const hosts = found.hosts ?? '';
  if (!found.proxmox)
    return { ...own, address: addressOfName(hosts, own, 'or 127.0.1.1') ?? '127.0.1.1', exclusive: false };
  const present = addressOfName(hosts, own, 'no loopback');
  return present === undefined ? undefined : { ...own, address: present, exclusive: true };
};

const noAddress = (want: Desired): Refusal => ({
  refuses:
    `${HOSTS} has no address for ${want.name} but a loopback one, with which Proxmox VE does not start ` +
    '(pmxcfs: unable to resolve node name); declare `address`, the one that the host has on its network',
  changes: [{ path: HOSTS, from: null, to: want.name }],
});

const editAction = (naming: Naming, found: Actual, to: string): Action<HostnameOp> => {
  const from = found.hosts ?? '';
  const canonical = naming.domain === undefined ? naming.name : `${naming.name}.${naming.domain}`;
  return {
    does: { op: 'hosts', ...naming, old: [...naming.old] },
    description: `let ${canonical} stand for ${naming.address} in ${HOSTS}`,
    // As risky as the renaming that it prepares: where that is held back, the present name must still resolve.
    risk: found.proxmox || naming.old.length > 0 ? 'disruptive' : 'safe',
    changes: [{ path: HOSTS, from, to, as: 'text' }],
    undo:
      found.hosts === undefined
        ? { none: `there was no ${HOSTS} before` }
        : { by: { op: 'restore-hosts', sha256: createHash('sha256').update(from).digest('hex') } },
  };
};

const diffHosts = (want: Desired, found: Actual): Finding<HostnameOp>[] => {
  const naming = namingOf(want, found);
  if (naming === undefined) return [noAddress(want)];
  const edited = editHosts(found.hosts ?? '', naming);
  return edited === found.hosts ? [] : [editAction(naming, found, edited)];
};

const nameChanges = (want: Desired, { persisted, live }: Actual) => [
  ...(persisted === want.name ? [] : [{ path: HOSTNAME, from: persisted ?? null, to: want.name }]),
  ...(live === want.name ? [] : [{ path: 'live', from: live ?? null, to: want.name }]),
];

/** A Proxmox VE node keeps its guests, certificates and cluster membership under its name. */
const obstacleTo = (want: Desired, { cluster, guests }: Actual): string | undefined => {
  if (cluster)
    return `this node is a member of a Proxmox VE cluster (/etc/pve/corosync.conf), where renaming to ${want.name} is a procedure by hand`;
  if (guests.length > 0)
    return `Proxmox VE has guests under the present name (${guests.join(', ')}), which a renaming to ${want.name} would lose; move them away first, or declare the present name`;
  return undefined;
};

const rename = (want: Desired, found: Actual): Action<HostnameOp> => {
  const before = found.persisted ?? found.live;
  return {
    does: { op: 'rename', name: want.name },
    description:
      before === undefined || before === want.name
        ? `set the host name to ${want.name}`
        : `rename the host from ${before} to ${want.name}; ${found.proxmox ? 'Proxmox VE needs a reboot to follow' : 'services keep the old name until they restart'}`,
    risk: 'disruptive',
    changes: nameChanges(want, found),
    undo:
      before === undefined ? { none: 'the host had no name before' } : { by: { op: 'rename', name: before } },
  };
};

/** The hosts file first: a host that cannot resolve its own name is slow at best (sudo), and on Proxmox VE broken. */
export const diff = (want: Desired, actual: Known<Actual>): Finding<HostnameOp>[] => {
  const found = actual.is === 'present' ? actual.value : NOTHING;
  const renames = nameChanges(want, found).length > 0;
  const obstacle = renames ? obstacleTo(want, found) : undefined;
  if (obstacle !== undefined) return [{ refuses: obstacle, changes: nameChanges(want, found) }];
  return [...diffHosts(want, found), ...(renames ? [rename(want, found)] : [])];
};
