/** Addresses and networks as numbers: inclusion, overlap, and one spelling for comparing. */
import { z } from 'zod';

export type Family = 'inet' | 'inet6';

/** An address with the length of its network's prefix, such as 10.0.0.13/24. */
export interface Cidr {
  readonly family: Family;
  readonly address: bigint;
  readonly prefix: number;
}

const BITS: Readonly<Record<Family, number>> = { inet: 32, inet6: 128 };

const isV4 = (text: string): boolean => z.ipv4().safeParse(text).success;

export const familyOf = (address: string): Family => (address.includes(':') ? 'inet6' : 'inet');

const quad = (text: string): bigint =>
  text.split('.').reduce((value, part) => value * 256n + BigInt(part), 0n);

/** `::ffff:10.0.0.1` ends in four decimal numbers, which stand for two groups. */
const groups = (text: string): bigint[] =>
  text === ''
    ? []
    : text
        .split(':')
        .flatMap((part) =>
          part.includes('.') ? [quad(part) >> 16n, quad(part) & 0xffffn] : [BigInt(`0x${part}`)],
        );

const v6 = (text: string): bigint => {
  const [head = '', tail] = text.split('::');
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const all = [...left, ...Array<bigint>(8 - left.length - right.length).fill(0n), ...right];
  return all.reduce((value, group) => value * 65536n + group, 0n);
};

/** Undefined if it is no address. */
const addressOf = (text: string): bigint | undefined => {
  if (isV4(text)) return quad(text);
  return z.ipv6().safeParse(text).success ? v6(text) : undefined;
};

const prefixOfMask = (mask: string): number | undefined => {
  if (!isV4(mask)) return undefined;
  const bits = quad(mask).toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
};

/** Of `10.0.0.13/24`, of `10.0.0.13` with `255.255.255.0`; a lone address is a network of its own. */
export const cidrOf = (text: string, mask?: string): Cidr | undefined => {
  const [host = '', after] = text.split('/');
  const family = familyOf(host);
  const address = addressOf(host);
  const told = after ?? mask ?? String(BITS[family]);
  const prefix = /^\d{1,3}$/.test(told) ? Number(told) : prefixOfMask(told);
  return address === undefined || prefix === undefined || prefix > BITS[family]
    ? undefined
    : { family, address, prefix };
};

const network = ({ family, address }: Cidr, prefix: number): bigint =>
  address >> BigInt(BITS[family] - prefix);

/** Whether an address is in the network of another one. */
export const isInside = (address: string, of: Cidr): boolean => {
  const value = addressOf(address);
  if (value === undefined || familyOf(address) !== of.family) return false;
  return network({ ...of, address: value }, of.prefix) === network(of, of.prefix);
};

export const overlap = (a: Cidr, b: Cidr): boolean => {
  const prefix = Math.min(a.prefix, b.prefix);
  return a.family === b.family && network(a, prefix) === network(b, prefix);
};

/** One spelling, for comparing and not for showing; what is no address stays as it is. */
export const normalCidr = (text: string, mask?: string): string => {
  const cidr = cidrOf(text, mask);
  return cidr === undefined ? text : `${cidr.family} ${cidr.address.toString(16)}/${cidr.prefix}`;
};
