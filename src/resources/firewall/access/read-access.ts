/** Who may have to get in, and who is in: read from /proc alone. */
import { proxmoxHost } from '../../../facts/proxmox.ts';
import type { HostReader } from '../../../host/host.ts';
import { formatAddress } from '../addresses.ts';
import {
  ifaceTo,
  isLoopback,
  parseRoutes4,
  parseRoutes6,
  parseSockets,
  type Endpoint,
  type Route,
  type Socket,
} from './proc-net.ts';

/** A connection of somebody who is on this host now. */
export interface Session {
  readonly service: 'ssh' | 'proxmox';
  readonly peer: string;
  readonly local: string;
  readonly port: number;
  /** Where its packets come in; left out if no route tells. */
  readonly iface?: string;
}

export interface Access {
  /** Where sshd listens, other than on the loopback. */
  readonly ssh: readonly number[];
  /** Where the web interface of Proxmox VE is. */
  readonly proxmox: readonly number[];
  readonly sessions: readonly Session[];
}

const PROXMOX_UI = 8006;
const SSH = 22;

const text = (host: HostReader, path: string): string => host.readFile(path)?.toString() ?? '';

/** A process may end while one looks at it. */
const unlessGone = <T>(look: () => T, gone: T): T => {
  try {
    return look();
  } catch {
    return gone;
  }
};

const socketsOf = (host: HostReader, pid: string): string[] => {
  const folder = `/proc/${pid}/fd`;
  return (unlessGone(() => host.readDirectory(folder), []) ?? []).flatMap((descriptor) => {
    const target = unlessGone(() => host.lstat(`${folder}/${descriptor}`)?.target, undefined);
    return /^socket:\[(\d+)\]$/.exec(target ?? '')?.[1] ?? [];
  });
};

/** Inodes of the sockets that any sshd has open; those of containers are not among the sockets of this host. */
const socketsOfSshd = (host: HostReader): Set<string> =>
  new Set(
    (host.readDirectory('/proc') ?? [])
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => unlessGone(() => text(host, `/proc/${pid}/comm`), '').trim() === 'sshd')
      .flatMap((pid) => socketsOf(host, pid)),
  );

const portsOf = (sockets: readonly Socket[]): number[] =>
  [...new Set(sockets.map(({ local }) => local.port))].sort((a, b) => a - b);

/** Where systemd listens for it (ssh.socket) there is no sshd to be found: then it is the usual port. */
const sshPorts = (host: HostReader, listening: readonly Socket[]): number[] => {
  const inodes = socketsOfSshd(host);
  const own = portsOf(listening.filter(({ inode }) => inodes.has(inode)));
  return own.length > 0 ? own : portsOf(listening.filter(({ local }) => local.port === SSH));
};

const shown = ({ family, address }: Endpoint): string => formatAddress(family, address);

const sessionOf = (
  service: Session['service'],
  { local, remote }: Socket,
  routes: readonly Route[],
): Session => {
  const iface = isLoopback(remote) ? 'lo' : ifaceTo(routes, remote);
  return {
    service,
    peer: shown(remote),
    local: shown(local),
    port: local.port,
    ...(iface === undefined ? {} : { iface }),
  };
};

/** Each peer once. */
const distinct = (sessions: readonly Session[]): Session[] => [
  ...new Map(sessions.map((one) => [JSON.stringify(one), one])).values(),
];

const isProxmox = (host: HostReader): boolean => unlessGone(() => proxmoxHost(host) === 'ready', true);

export const readAccess = (host: HostReader): Access => {
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => parseSockets(text(host, path)));
  const listening = sockets.filter(({ state, local }) => state === 'listening' && !isLoopback(local));
  const ssh = sshPorts(host, listening);
  const proxmox = isProxmox(host) ? portsOf(listening.filter(({ local }) => local.port === PROXMOX_UI)) : [];
  const routes = [
    ...parseRoutes4(text(host, '/proc/net/route')),
    ...parseRoutes6(text(host, '/proc/net/ipv6_route')),
  ];
  const sessions = sockets
    .filter(({ state }) => state === 'established')
    .flatMap((socket) => {
      const { port } = socket.local;
      if (ssh.includes(port)) return [sessionOf('ssh', socket, routes)];
      return proxmox.includes(port) ? [sessionOf('proxmox', socket, routes)] : [];
    });
  return { ssh, proxmox, sessions: distinct(sessions) };
};
