/** What a server would not take, or would take and not do as it is meant: dnsmasq checks little between lines. */
import { isBelow } from '../../facts/domain-name.ts';
import { isAddressRecord, type ResolvedRecord } from './resolved.ts';
import type { Limited } from './schema.ts';

export interface Conflict {
  readonly index: number;
  readonly field: 'name' | 'value';
  readonly message: string;
}

type Rule = (one: ResolvedRecord, index: number, all: readonly ResolvedRecord[]) => Omit<Conflict, 'index'>[];

const sameName = (one: ResolvedRecord, all: readonly ResolvedRecord[]): ResolvedRecord[] =>
  all.filter(({ name, wildcard }) => name === one.name && wildcard === one.wildcard);

const twice: Rule = (one, index, all) =>
  sameName(one, all.slice(0, index)).some(({ type, data }) => type === one.type && data === one.data)
    ? [{ field: 'name', message: `${one.name} ${one.type} ${one.data} is declared twice` }]
    : [];

/** RFC 1034, 3.6.2. */
const besideAlias: Rule = (one, index, all) => {
  const others = sameName(
    one,
    all.filter((_, other) => other !== index),
  );
  const [other] = others.filter(({ data, type }) => data !== one.data || type !== one.type);
  return one.type === 'CNAME' && other !== undefined
    ? [
        {
          field: 'name',
          message: `${one.name} is an alias, and has a ${other.type} record too; an alias has no other`,
        },
      ]
    : [];
};

/** dnsmasq(8), --cname: the target must be known to it by itself; what a wildcard answers is not. */
const lostAlias: Rule = (one, _, all) =>
  one.type === 'CNAME' && !all.some((other) => other.name === one.target && !other.wildcard)
    ? [
        {
          field: 'value',
          message: `${one.target} is no name of this zone, and dnsmasq only follows an alias to such; give it the addresses instead`,
        },
      ]
    : [];

const circle: Rule = (one, _, all) => {
  const seen = new Set([one.name]);
  let next = one.type === 'CNAME' ? one : undefined;
  while (next !== undefined) {
    const { target } = next;
    if (seen.has(target))
      return [{ field: 'value', message: `${one.name} is an alias of itself, by ${target}` }];
    seen.add(target);
    next = all.find(({ name, type }) => name === target && type === 'CNAME');
  }
  return [];
};

const answers = (one: ResolvedRecord, name: string): boolean =>
  one.wildcard ? isBelow(name, one.name) : one.name === name;

/** bind9 answers an alias to any name, but of its own zone only what is there. */
const lostInside =
  (zone: string): Rule =>
  (one, _, all) =>
    one.type === 'CNAME' && isBelow(one.target, zone) && !all.some((other) => answers(other, one.target))
      ? [{ field: 'value', message: `${one.target} is no name of this zone` }]
      : [];

const elsewhere =
  (zone: string): Rule =>
  (one) => {
    if (isBelow(one.name, zone)) return [];
    const where = one.type === 'PTR' ? 'its reverse zone, such as 0.0.10.in-addr.arpa' : 'its own zone';
    return [{ field: 'name', message: `${one.name} is not below ${zone}; declare it in ${where}` }];
  };

/** The zone itself has an SOA and an NS record. */
const aliasOfAll =
  (zone: string): Rule =>
  (one) =>
    one.type === 'CNAME' && one.name === zone && !one.wildcard
      ? [{ field: 'name', message: `${zone} is the zone itself, which cannot be an alias` }]
      : [];

/** RFC 2181, 10.3: MX and SRV point to a name that has addresses. */
const lostServer =
  (zone: string): Rule =>
  (one, _, all) => {
    if (one.type !== 'MX' && one.type !== 'SRV') return [];
    const isKnown = all.some((other) => isAddressRecord(other) && answers(other, one.target));
    return isBelow(one.target, zone) && !isKnown
      ? [
          {
            field: 'value',
            message: `${one.target} has no address in this zone; declare its A or AAAA record`,
          },
        ]
      : [];
  };

const manyNames: Rule = (one, index, all) =>
  one.type === 'PTR' && sameName(one, all.slice(0, index)).some(({ type }) => type === 'PTR')
    ? [{ field: 'name', message: `${one.name} has another PTR record already` }]
    : [];

const tooLong: Rule = (one) =>
  one.name.length > 253
    ? [{ field: 'name', message: 'expected a name of at most 253 characters with its zone' }]
    : [];

const rulesOf = ({ name, backend }: Pick<Limited, 'name' | 'backend'>): Rule[] => {
  const zone = name.toLowerCase();
  const own = { dnsmasq: [lostAlias], bind9: [elsewhere(zone), aliasOfAll(zone), lostInside(zone)] };
  const ofProgram = backend === undefined ? [] : own[backend];
  return [twice, besideAlias, ...ofProgram, circle, lostServer(zone), manyNames, tooLong];
};

export const conflictsOf = (
  all: readonly ResolvedRecord[],
  zone: Pick<Limited, 'name' | 'backend'>,
): Conflict[] => {
  const rules = rulesOf(zone);
  return all.flatMap((one, index) =>
    // The first reason is enough.
    rules
      .flatMap((rule) => rule(one, index, all))
      .slice(0, 1)
      .map((conflict) => ({ ...conflict, index })),
  );
};
