/** Whom a directory is exported to: exports(5), "Machine Name Formats". */
import { z } from 'zod';

const LABEL = '[A-Za-z0-9_*?](?:[A-Za-z0-9_*?-]*[A-Za-z0-9_*?])?';
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})*\\.?$`);
const NETGROUP = /^@[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

const isAddress = (text: string): boolean =>
  z.ipv4().safeParse(text).success || z.ipv6().safeParse(text).success;

const bitsOfMask = (mask: string): number | undefined => {
  if (!z.ipv4().safeParse(mask).success) return undefined;
  const bits = mask
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
};

/** Bits of `/24` or of `/255.255.255.0`; undefined if it is neither. */
const prefixOf = (address: string, mask: string): number | undefined => {
  const most = address.includes(':') ? 128 : 32;
  if (/^\d{1,3}$/.test(mask)) return Number(mask) <= most ? Number(mask) : undefined;
  return most === 32 ? bitsOfMask(mask) : undefined;
};

const isNetwork = (text: string): boolean => {
  const [address = '', mask, ...rest] = text.split('/');
  return (
    mask !== undefined && rest.length === 0 && isAddress(address) && prefixOf(address, mask) !== undefined
  );
};

const isClient = (text: string): boolean =>
  isAddress(text) ||
  isNetwork(text) ||
  NETGROUP.test(text) ||
  // What looks like a mistyped address is none of a name.
  (HOST.test(text) && !/^[\d.]+$/.test(text));

export const nfsClient = z
  .string()
  .max(255)
  .refine(
    isClient,
    'expected an address, a network such as 10.0.0.0/24, a host name, `*`, `*.example.net` or `@netgroup`, without blanks',
  );

const groupsOf = (address: string): string[] => {
  const [head = '', tail] = address.split('::');
  const parts = (text: string): string[] => (text === '' ? [] : text.split(':'));
  if (tail === undefined) return parts(head);
  const missing = 8 - parts(head).length - parts(tail).length;
  return [...parts(head), ...Array<string>(Math.max(0, missing)).fill('0'), ...parts(tail)];
};

/** One spelling of an address: an IPv6 one without shortening; for comparing, not for showing. */
const normalAddress = (address: string): string => {
  if (!address.includes(':') || address.includes('.')) return address.toLowerCase();
  return groupsOf(address.toLowerCase())
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
};

/** One client has one name, however it is spelled: exportfs(8) keeps the spelling that it was given. */
export const normalClient = (client: string): string => {
  if (client.startsWith('@')) return client;
  const [address = '', mask] = client.split('/');
  if (mask === undefined) return isAddress(client) ? normalAddress(client) : client.toLowerCase();
  return `${normalAddress(address)}/${prefixOf(address, mask) ?? mask}`;
};

/** Neither an address nor a pattern: exportfs(8) replaces it by the canonical name that it is resolved to. */
export const isHostName = (client: string): boolean =>
  !isAddress(client) && !isNetwork(client) && !client.startsWith('@') && !/[*?]/.test(client);
