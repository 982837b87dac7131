/** Records with their whole names, in one spelling. */
import { isAddress, normalAddress, reverseName } from '../../facts/addresses.ts';
import { isBelow } from '../../facts/domain-name.ts';
import type { Type, Written } from './record.ts';

export interface ResolvedRecord {
  /** Whole; without the `*.` of a wildcard. */
  readonly name: string;
  readonly wildcard: boolean;
  readonly type: Type;
  /** Its data as in a zone file. */
  readonly data: string;
  /** What the data points to. */
  readonly target: string;
  readonly ttl?: number;
}

const withoutDot = (name: string): string => name.replace(/\.$/, '').toLowerCase();

const nameOf = (name: string, zone: string): string => {
  if (name === '@' || name === '') return zone;
  const whole = withoutDot(name);
  return name.endsWith('.') || isBelow(whole, zone) ? whole : `${whole}.${zone}`;
};

/** One with a dot is whole. */
const targetOf = (value: string, zone: string): string =>
  value.includes('.') ? withoutDot(value) : nameOf(value, zone);

const dataOf = (record: Written, target: string): string => {
  switch (record.type) {
    case 'MX':
      return `${record.priority ?? 10} ${target}`;
    case 'SRV':
      return `${record.priority ?? 0} ${record.weight ?? 0} ${record.port ?? 0} ${target}`;
    default:
      return target;
  }
};

const targetIn = ({ type, value }: Written, zone: string): string => {
  if (type === 'TXT') return value;
  return type === 'A' || type === 'AAAA' ? normalAddress(value) : targetOf(value, zone);
};

const resolve = (record: Written, zone: string): ResolvedRecord => {
  const lower = zone.toLowerCase();
  const wildcard = record.name.startsWith('*');
  const target = targetIn(record, lower);
  const bare = record.name.replace(/^\*\.?/, '');
  return {
    name: record.type === 'PTR' && isAddress(record.name) ? reverseName(record.name) : nameOf(bare, lower),
    wildcard,
    type: record.type,
    data: dataOf(record, target),
    target,
    ...(record.ttl === undefined ? {} : { ttl: record.ttl }),
  };
};

export const resolveAll = (records: readonly Written[], zone: string): ResolvedRecord[] =>
  records.map((record) => resolve(record, zone));

export const isAddressRecord = ({ type }: ResolvedRecord): boolean => type === 'A' || type === 'AAAA';

/** Its own name in one spelling. */
export const zoneOf = ({ name }: { readonly name: string }): string => name.toLowerCase();

/** The strings of a TXT record, each quoted and of at most 255 bytes, RFC 1035, 5.1. */
export const stringsOf = (text: string): string[] =>
  (text.match(/.{1,255}/g) ?? ['']).map((part) => `"${part.replaceAll(/["\\]/g, '\\$&')}"`);
