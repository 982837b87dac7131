/** What dnsmasq is asked: also for the PTR records that it derives from addresses. */
import { reverseName } from '../../../facts/addresses.ts';
import type { DnsQuestion } from '../../../host/host.ts';
import { expectedOf } from '../questions.ts';
import { isAddressRecord, resolveAll, type ResolvedRecord } from '../resolved.ts';
import type { Desired } from '../schema.ts';
import { isReloadable } from './render.ts';

export interface Expected extends DnsQuestion {
  /** All of them, sorted; of a derived PTR record, the names of which it must be one. */
  readonly records: readonly string[];
  /** More than one zone may have the address: the name of another is right as well. */
  readonly derived: boolean;
  /** A reload brings it, where it is not answered. */
  readonly reloadable: boolean;
}

const declaredOf = (records: readonly ResolvedRecord[]): Expected[] =>
  expectedOf(records).map(({ of, ...expected }) => ({
    ...expected,
    derived: false,
    reloadable: of.some(isReloadable),
  }));

const derivedOf = (records: readonly ResolvedRecord[], explicit: ReadonlySet<string>): Expected[] => {
  const names = new Map<string, ResolvedRecord[]>();
  for (const one of records.filter((all) => isAddressRecord(all) && !all.wildcard)) {
    const name = reverseName(one.data);
    names.set(name, [...(names.get(name) ?? []), one]);
  }
  return [...names].flatMap(([name, all]) =>
    explicit.has(name)
      ? []
      : [
          {
            name,
            type: 'PTR',
            records: [...new Set(all.map((one) => one.name))].sort(),
            derived: true,
            reloadable: all.some(isReloadable),
          },
        ],
  );
};

export const dnsmasqExpects = (want: Desired): Expected[] => {
  const records = resolveAll(want.records, want.name);
  const explicit = new Set(records.filter(({ type }) => type === 'PTR').map(({ name }) => name));
  return [...declaredOf(records), ...derivedOf(records, explicit)];
};
