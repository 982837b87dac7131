/** Who has the port of the DNS. */
import type { HostReader } from '../host/host.ts';

/** `/proc/net/udp` has an address as the kernel stores it: four bytes, the last one first. */
const addressOf = (hex: string): string =>
  [...hex.matchAll(/../g)]
    .map(([byte]) => Number.parseInt(byte, 16))
    .reverse()
    .join('.');

interface Socket {
  readonly address: string;
  readonly inode: string;
}

/** Sockets of UDP over IPv4 at port 53, proc_net_udp(5). */
const socketsIn = (table: string): Socket[] =>
  [...table.matchAll(/^\s*\d+: ([0-9A-F]{8}):0035 (?:\S+ +){7}(\d+)/gm)].map(([, hex = '', inode = '']) => ({
    address: addressOf(hex),
    inode,
  }));

const inodesOf = (host: HostReader, pid: string): Set<string> => {
  const folder = `/proc/${pid}/fd`;
  const targets = (host.readDirectory(folder) ?? []).map((fd) => host.lstat(`${folder}/${fd}`)?.target ?? '');
  return new Set(targets.map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? ''));
};

/** A process may end while it is looked at. */
const ownerOf = (host: HostReader, inode: string): string => {
  for (const pid of (host.readDirectory('/proc') ?? []).filter((name) => /^\d+$/.test(name)))
    try {
      if (inodesOf(host, pid).has(inode))
        return `${host.readFile(`/proc/${pid}/comm`)?.toString().trim() ?? 'a program'} (process ${pid})`;
    } catch {
      continue;
    }
  return 'a program that cannot be seen';
};

/** Programs but this one that have the port at one of the addresses: `unbound (process 812) at 0.0.0.0`. */
export const holdersOfPort53 = (
  host: HostReader,
  addresses: readonly string[],
  pid: string | undefined,
): string[] => {
  const sockets = socketsIn(host.readFile('/proc/net/udp')?.toString() ?? '').filter(
    ({ address }) => address === '0.0.0.0' || addresses.includes(address),
  );
  if (sockets.length === 0) return [];
  const own = pid === undefined ? new Set<string>() : inodesOf(host, pid);
  const others = sockets.filter(({ inode }) => !own.has(inode));
  return [...new Set(others.map(({ inode, address }) => `${ownerOf(host, inode)} at ${address}`))];
};
