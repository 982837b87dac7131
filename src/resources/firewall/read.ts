import { present, reasonOf, unknown, type Reading } from '../../engine/reading.ts';
import { proxmoxHost } from '../../facts/proxmox.ts';
import type { HostReader } from '../../host/host.ts';
import { readAccess, type Access } from './access/read-access.ts';
import { liveTable } from './nftables/fact.ts';
import { ENABLED, RULES, UNIT } from './nftables/files.ts';
import type { LiveTable } from './nftables/listing.ts';
import { clusterPath, hostPath, nodeOf } from './proxmox/files.ts';
import { firewallStatus } from './proxmox/fact.ts';
import type { Desired } from './schema.ts';
import { readStored, type Stored } from './stored.ts';

export const KEY = 'host';

export interface Nftables {
  readonly backend: 'nftables';
  readonly access: Access;
  readonly rules?: Stored;
  readonly unit?: Stored;
  /** The symlink by which the unit is enabled. */
  readonly enabled?: Stored;
  readonly live?: LiveTable;
}

export interface Proxmox {
  readonly backend: 'proxmox';
  readonly access: Access;
  readonly isProxmox: boolean;
  readonly node: string;
  readonly cluster?: Stored;
  readonly host?: Stored;
  /** What the daemon says of itself; left out where there is none. */
  readonly status?: string;
}

export type Actual = Nftables | Proxmox;

const NOBODY: Access = { ssh: [], proxmox: [], sessions: [] };

const given = <T extends object>(fields: T): Partial<{ [K in keyof T]: NonNullable<T[K]> }> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<{
    [K in keyof T]: NonNullable<T[K]>;
  }>;

const readNftables = async (host: HostReader, access: Access): Promise<Reading<Actual>> => {
  const found = given({
    rules: readStored(host, RULES),
    unit: readStored(host, UNIT),
    enabled: readStored(host, ENABLED),
    live: await host.fact(liveTable),
  });
  return present<Actual>({ backend: 'nftables', access, ...found });
};

const readProxmox = async (host: HostReader, access: Access): Promise<Reading<Actual>> => {
  const isProxmox = proxmoxHost(host) === 'ready';
  if (!isProxmox) return present<Actual>({ backend: 'proxmox', access, isProxmox, node: '' });
  const node = nodeOf(host);
  const found = given({
    cluster: readStored(host, clusterPath),
    host: readStored(host, hostPath(node)),
    status: await host.fact(firewallStatus),
  });
  return present<Actual>({ backend: 'proxmox', access, isProxmox, node, ...found });
};

const readOne = async (host: HostReader, want: Desired): Promise<Reading<Actual>> => {
  const isProxmox = want.backend === 'proxmox' || (want.backend === 'auto' && proxmoxHost(host) === 'ready');
  const access = want.enabled ? readAccess(host) : NOBODY;
  return isProxmox ? await readProxmox(host, access) : await readNftables(host, access);
};

export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const [want] = all;
  if (want === undefined) return new Map();
  try {
    return new Map([[KEY, await readOne(host, want)]]);
  } catch (error) {
    return new Map([[KEY, unknown(reasonOf(error))]]);
  }
};
