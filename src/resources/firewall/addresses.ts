/** IP addresses as numbers: networks, ranges and lists of them in one normal form, whatever they are written as. */

export type Family = 4 | 6;

/** From the first to the last, both included. */
export interface Range {
  readonly family: Family;
  readonly from: bigint;
  readonly to: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;

const number4 = (text: string): bigint | undefined => {
  if (!/^(?:(?:0|[1-9]\d{0,2})(?:\.(?!$)|$)){4}$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.some((byte) => byte > 255)
    ? undefined
    : bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
};

/** The parser of URLs brings every spelling to the one of RFC 5952. */
const shortened = (text: string): string | undefined => {
  const url = `http://[${text}]/`;
  return /^[0-9A-Fa-f:.]+$/.test(text) && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
};

const number6 = (text: string): bigint | undefined => {
  const [head = '', tail] = shortened(text)?.split('::') ?? [];
  if (head === '' && tail === undefined) return undefined;
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [left, right] = [groups(head), groups(tail ?? '')];
  const zeroes = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeroes, ...right].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
};

const single = (text: string): Range | undefined => {
  const family = text.includes(':') ? 6 : 4;
  const value = family === 6 ? number6(text) : number4(text);
  return value === undefined ? undefined : { family, from: value, to: value };
};

const network = (text: string, length: string): Range | undefined => {
  const address = single(text);
  if (address === undefined || !/^(?:0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const rest = BITS[address.family] - Number(length);
  if (rest < 0) return undefined;
  const size = 1n << BigInt(rest);
  const from = address.from - (address.from % size);
  return { family: address.family, from, to: from + size - 1n };
};

const between = (first: string, last: string): Range | undefined => {
  const [a, b] = [single(first), single(last)];
  if (a?.family !== b?.family || a === undefined || b === undefined || a.from > b.to) return undefined;
  return { family: a.family, from: a.from, to: b.to };
};

/** An address, a network (`10.0.0.0/24`; bits of a host do not matter) or a range (`10.0.0.5-10.0.0.9`). */
export const parseAddress = (text: string): Range | undefined => {
  const [, base = '', sign, rest = ''] = /^([^/-]+)(?:([/-])(.+))?$/.exec(text) ?? [];
  if (sign === '/') return network(base, rest);
  return sign === '-' ? between(base, rest) : single(base);
};

/** Of one family: sorted, without overlaps and neighbours. */
export const merged = (ranges: readonly Range[]): Range[] => {
  const result: Range[] = [];
  for (const range of ranges.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = result.at(-1);
    if (last === undefined || range.from > last.to + 1n) result.push(range);
    else if (range.to > last.to) result[result.length - 1] = { ...last, to: range.to };
  }
  return result;
};

export const isWithin = (ranges: readonly Range[], family: Family, address: bigint): boolean =>
  ranges.some((one) => one.family === family && one.from <= address && address <= one.to);

export const formatAddress = (family: Family, value: bigint): string => {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (value >> BigInt(112 - 16 * index)) & 0xffffn);
  const written = groups.map((group) => group.toString(16)).join(':');
  return shortened(written) ?? written;
};

/** The largest network that begins where the range begins and does not go beyond it. */
const firstNetwork = ({ family, from, to }: Range): { length: number; size: bigint } => {
  let rest = 0;
  while (rest < BITS[family]) {
    const size = 1n << BigInt(rest + 1);
    if (from % size !== 0n || from + size - 1n > to) break;
    rest += 1;
  }
  return { length: BITS[family] - rest, size: 1n << BigInt(rest) };
};

/** A range as the fewest networks, such as `10.0.0.0/24`; one address stands without its length. */
export const networksOf = (range: Range): string[] => {
  const networks: string[] = [];
  for (let from = range.from; from <= range.to;) {
    const { length, size } = firstNetwork({ ...range, from });
    const address = formatAddress(range.family, from);
    networks.push(length === BITS[range.family] ? address : `${address}/${length}`);
    from += size;
  }
  return networks;
};
