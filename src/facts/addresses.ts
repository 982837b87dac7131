/** Addresses of IPv4 and IPv6, and their names in reverse. */
import { z } from 'zod';

export const isIpv4 = (text: string): boolean => z.ipv4().safeParse(text).success;
export const isIpv6 = (text: string): boolean => z.ipv6().safeParse(text).success;

export const isAddress = (text: string): boolean => isIpv4(text) || isIpv6(text);

/** Where a server of this host is asked. */
export const LOOPBACK = '127.0.0.1';

/** One spelling of an address: an IPv6 one as RFC 5952 has it. */
export const normalAddress = (address: string): string =>
  isIpv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;

export const ipAddress = z.string().refine(isAddress, 'expected an address, such as 10.0.0.13 or fd00::13');

/** The eight groups of an address in its normal spelling, each of four digits. */
const groupsOf = (address: string): string[] => {
  const [head = '', tail] = normalAddress(address).split('::');
  const parts = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const missing = 8 - parts(head).length - parts(tail ?? '').length;
  return [...parts(head), ...Array<string>(missing).fill('0'), ...parts(tail ?? '')].map((group) =>
    group.padStart(4, '0'),
  );
};

/** The name under which its PTR record stands. */
export const reverseName = (address: string): string =>
  isIpv4(address)
    ? `${address.split('.').reverse().join('.')}.in-addr.arpa`
    : `${Array.from(groupsOf(address).join('')).reverse().join('.')}.ip6.arpa`;
