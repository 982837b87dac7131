/** Services that can be opened by name, with their ports (services(5)). */
import type { Rule } from '../resources/firewall/rule-schema.ts';
import type nfsServer from '../resources/nfs-server/index.ts';
import type { z } from 'zod';

type Ports = Partial<Pick<Rule, 'proto' | 'port' | 'icmpTypes'>>;

const tcp = (...port: number[]): Ports => ({ proto: 'tcp', port });
const udp = (...port: number[]): Ports => ({ proto: 'udp', port });
const both = (...port: number[]): Ports[] => [tcp(...port), udp(...port)];

/** What they need whatever the manifest says of them. */
const SERVICES = {
  ssh: [tcp(22)],
  /** The web interface and the SPICE proxy; what nodes need of each other, Proxmox VE opens by itself. */
  proxmox: [tcp(3128, 8006)],
  nfs: [tcp(2049)],
  samba: [tcp(445)],
  dns: both(53),
  http: [tcp(80)],
  https: [tcp(443), udp(443)],
  ntp: [udp(123)],
  ping: [
    { proto: 'icmp', icmpTypes: ['echo-request'] },
    { proto: 'icmpv6', icmpTypes: ['echo-request'] },
  ],
} as const satisfies Record<string, readonly Ports[]>;

export type ServiceName = keyof typeof SERVICES;
export const SERVICE_NAMES = Object.keys(SERVICES) as [ServiceName, ...ServiceName[]];

/** What the other sections of the manifest say that a firewall must know. */
export interface Elsewhere {
  readonly nfs?: {
    readonly server?: Partial<Pick<z.output<(typeof nfsServer)['desired']>, 'versions' | 'ports'>>;
  };
  readonly samba?: { readonly server?: { readonly netbios?: boolean } };
}

/** NFSv3 is found by rpcbind, and its helpers are where the manifest has put them. */
const nfs3 = ({ server }: NonNullable<Elsewhere['nfs']>): Ports[] => {
  if (!server?.versions?.includes('3')) return [];
  const fixed = Object.values(server.ports ?? {}).filter((port) => port !== undefined);
  return both(111, ...fixed);
};

const NETBIOS = [tcp(139), udp(137, 138)];

/** All that is to be opened for a service. */
export const portsOf = (name: ServiceName, elsewhere: Elsewhere): readonly Ports[] => {
  const always: readonly Ports[] = SERVICES[name];
  if (name === 'nfs') return [...always, ...nfs3(elsewhere.nfs ?? {})];
  return name === 'samba' && elsewhere.samba?.server?.netbios === true ? [...always, ...NETBIOS] : always;
};
