/** Sizes as zfs(8) reads them, in whole bytes: exact beyond what a double holds. */

const UNITS = 'BKMGTPEZ';

/** Fits what ZFS stores: an unsigned number of 64 bits. */
const MOST = 2n ** 64n - 1n;

const SIZE = /^(\d+)(?:\.(\d*))?(?:([BKMGTPEZ])(?:(?<=[KMGTPEZ])(?:i?B)?)?)?$/i;

/** `1.4G` is 1503238553 bytes: powers of 1024, and what is left of a byte is cut off. Undefined if it is no size. */
export const parseSize = (text: string): bigint | undefined => {
  const [, whole, fraction = '', unit = 'B'] = SIZE.exec(text) ?? [];
  if (whole === undefined || (fraction !== '' && unit.toUpperCase() === 'B')) return undefined;
  const scale = 1024n ** BigInt(UNITS.indexOf(unit.toUpperCase()));
  const bytes = (BigInt(whole + fraction) * scale) / 10n ** BigInt(fraction.length);
  return bytes <= MOST ? bytes : undefined;
};

/** The largest unit without a fraction: two sizes that differ never look alike. */
export const exactSize = (bytes: bigint): string => {
  let [left, unit] = [bytes, 0];
  while (left > 0n && left % 1024n === 0n && unit < UNITS.length - 1) [left, unit] = [left / 1024n, unit + 1];
  return `${left}${unit === 0 ? '' : UNITS.charAt(unit)}`;
};

/** For people: two digits after the point at most. */
export const humanSize = (bytes: bigint): string => {
  let unit = 0;
  while (unit < UNITS.length - 1 && bytes >= 1024n ** BigInt(unit + 1)) unit += 1;
  if (unit === 0) return `${bytes} bytes`;
  const hundredths = (bytes * 100n) / 1024n ** BigInt(unit);
  const fraction = (hundredths % 100n).toString().padStart(2, '0').replace(/0+$/, '');
  return `${hundredths / 100n}${fraction === '' ? '' : `.${fraction}`} ${UNITS.charAt(unit)}iB`;
};
