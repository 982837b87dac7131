/** What dnsmasq would take and not do as it is meant: it checks the grammar of lines, and little between them. */
import { isBelow } from '../../facts/domain-name.ts';
import { isAddressRecord, type ResolvedRecord } from './resolved.ts';

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

/** RFC 2181, 10.3: MX and SRV point to a name that has addresses. */
const lostServer =
  (zone: string): Rule =>
  (one, _, all) => {
    if (one.type !== 'MX' && one.type !== 'SRV') return [];
    const isKnown = all.some(
      (other) =>
        isAddressRecord(other) &&
        (other.wildcard ? isBelow(one.target, other.name) : other.name === one.target),
    );
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

export const conflictsOf = (all: readonly ResolvedRecord[], zone: string): Conflict[] => {
  const rules = [twice, besideAlias, lostAlias, circle, lostServer(zone.toLowerCase()), manyNames, tooLong];
  return all.flatMap((one, index) =>
    // The first reason is enough.
    rules
      .flatMap((rule) => rule(one, index, all))
      .slice(0, 1)
      .map((conflict) => ({ ...conflict, index })),
  );
};
