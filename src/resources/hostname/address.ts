/** Addresses as hosts(5) has them. */

const isV6 = (address: string): boolean => address.includes(':');

/** IPv6 has many spellings of one address; the URL parser knows the short one. */
export const normalAddress = (address: string): string => {
  const url = isV6(address) ? `http://[${address}]/` : '';
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : address.toLowerCase();
};

export const isLoopback = (address: string): boolean =>
  address.startsWith('127.') || normalAddress(address) === '::1';

export const isSameFamily = (a: string, b: string): boolean => isV6(a) === isV6(b);
