/** Tables of the kernel below /proc/net (proc_net(5)): sockets and routes. Numbers there are in the order of this machine's bytes. */
import { merged, type Family, type Range } from '../addresses.ts';

export interface Endpoint {
  readonly family: Family;
  readonly address: bigint;
  readonly port: number;
}

export interface Socket {
  readonly state: 'listening' | 'established' | 'other';
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly inode: string;
}

/** Each word of four bytes is turned round. */
const turned = (hex: string): bigint =>
  BigInt(
    `0x${hex.replace(/(..)(..)(..)(..)/g, (_, a: string, b: string, c: string, d: string) => d + c + b + a)}`,
  );

const MAPPED = 0xffffn;

/** IPv4 on a socket of IPv6 is IPv4. */
const endpoint = (text: string): Endpoint => {
  const [address = '0', port = '0'] = text.split(':');
  const value = turned(address);
  const isMapped = address.length === 32 && value >> 32n === MAPPED;
  return {
    family: address.length === 8 || isMapped ? 4 : 6,
    address: isMapped ? value & 0xffff_ffffn : value,
    port: Number.parseInt(port, 16),
  };
};

const STATES: Readonly<Record<string, Socket['state']>> = { '0A': 'listening', '01': 'established' };

const rows = (table: string): string[][] =>
  table
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/));

/** Of /proc/net/tcp and /proc/net/tcp6. */
export const parseSockets = (table: string): Socket[] =>
  rows(table).map(([, local = '', remote = '', state = '', , , , , , inode = '']) => ({
    state: STATES[state] ?? 'other',
    local: endpoint(local),
    remote: endpoint(remote),
    inode,
  }));

export interface Route {
  readonly to: Range;
  readonly iface: string;
}

const lengthOf = (mask: bigint): number => mask.toString(2).replaceAll('0', '').length;

const network = (family: Family, address: bigint, length: number): Range => {
  const size = 1n << BigInt((family === 4 ? 32 : 128) - length);
  return { family, from: address, to: address + size - 1n };
};

/** Routes that reject are none (linux/route.h). */
const REJECT = 0x0200;
const UP = 0x0001;
const isUsable = (flags: string): boolean => (Number.parseInt(flags, 16) & (UP | REJECT)) === UP;

/** Of /proc/net/route. */
export const parseRoutes4 = (table: string): Route[] =>
  rows(table)
    .filter(([, , , flags = '']) => isUsable(flags))
    .map(([iface = '', address = '0', , , , , , mask = '0']) => ({
      to: network(4, turned(address), lengthOf(turned(mask))),
      iface,
    }));

/** Of /proc/net/ipv6_route, which has no head line and its addresses as they are written. */
export const parseRoutes6 = (table: string): Route[] =>
  rows(`\n${table}`)
    .filter(([, , , , , , , , flags = '']) => isUsable(flags))
    .map(([address = '0', length = '0', , , , , , , , iface = '']) => ({
      to: network(6, BigInt(`0x${address}`), Number.parseInt(length, 16)),
      iface,
    }));

const sizeOf = ({ to }: Route): bigint => to.to - to.from;

/** The interface through which an address is reached, by the narrowest route. */
export const ifaceTo = (routes: readonly Route[], { family, address }: Endpoint): string | undefined =>
  routes
    .filter(({ to }) => to.family === family && to.from <= address && address <= to.to)
    .toSorted((a, b) => (sizeOf(a) < sizeOf(b) ? -1 : 1))[0]?.iface;

const LOOPBACK = merged([network(4, 0x7f00_0000n, 8)]);

export const isLoopback = ({ family, address }: Endpoint): boolean =>
  family === 4 ? LOOPBACK.some(({ from, to }) => from <= address && address <= to) : address === 1n;
