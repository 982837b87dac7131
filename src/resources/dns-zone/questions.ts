/** What the server is asked to see that it answers what is declared. */
import { reverseName } from '../../facts/addresses.ts';
import type { DnsQuestion } from '../../host/host.ts';
import { isAddressRecord, isReloadable, resolveAll, type ResolvedRecord } from './resolved.ts';
import type { Desired } from './schema.ts';

export interface Expected extends DnsQuestion {
  /** All of them, sorted; of a derived PTR record, the names of which it must be one. */
  readonly records: readonly string[];
  /** More than one zone may have the address: the name of another is right as well. */
  readonly derived: boolean;
  /** A reload brings it, where it is not answered. */
  readonly reloadable: boolean;
}

/** Any name below will do. */
const askedName = ({ name, wildcard }: ResolvedRecord): string => (wildcard ? `phoenix-asks.${name}` : name);

const group = (records: readonly ResolvedRecord[]): Expected[] => {
  const groups = new Map<string, ResolvedRecord[]>();
  for (const one of records) {
    const key = `${askedName(one)} ${one.type}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((all) => {
    const [one] = all;
    if (one === undefined) return [];
    const records = all.map(({ data }) => data).sort();
    return [
      { name: askedName(one), type: one.type, records, derived: false, reloadable: all.some(isReloadable) },
    ];
  });
};

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

export const expectedOf = (want: Desired): Expected[] => {
  const records = resolveAll(want.records, want.name);
  const explicit = new Set(records.filter(({ type }) => type === 'PTR').map(({ name }) => name));
  return [...group(records), ...derivedOf(records, explicit)];
};
