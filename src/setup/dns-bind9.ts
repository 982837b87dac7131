/** What named (bind9) is told of the zones of a section, which dnsmasq derives by itself. */
import { reverseName } from '../facts/addresses.ts';
import { isBelow, isReverse } from '../facts/domain-name.ts';
import { isAddressRecord, resolveAll } from '../resources/dns-zone/resolved.ts';
import type { DnsRecord, Zone } from './dns-section.ts';

const isPresent = ({ ensure }: Zone): boolean => ensure === 'present';

export const forwardedZones = (zones: readonly Zone[]): string[] =>
  zones.filter((zone) => isPresent(zone) && zone.forwarders.length > 0).map(({ name }) => name);

/** By its name in reverse, the first name that an address has. */
const namesOfAddresses = (zones: readonly Zone[]): Map<string, string> => {
  const names = new Map<string, string>();
  for (const { records, name: zone } of zones.filter(isPresent))
    for (const one of resolveAll(records, zone).filter((all) => isAddressRecord(all) && !all.wildcard)) {
      const reverse = reverseName(one.data);
      if (!names.has(reverse)) names.set(reverse, one.name);
    }
  return names;
};

/** The reverse zone that an address is in: the longest of those that are declared. */
const zoneOf = (reverse: string, zones: readonly Zone[]): Zone | undefined =>
  zones
    .filter(({ name }) => isReverse(name) && isBelow(reverse, name.toLowerCase()))
    .sort((one, other) => other.name.length - one.name.length)[0];

/** A reverse zone with what it says itself, and for every other address the name that it has in the other zones. */
const filled = (zone: Zone, zones: readonly Zone[]): Zone => {
  if (!isReverse(zone.name) || !isPresent(zone) || zone.forwarders.length > 0) return zone;
  const said = new Set(resolveAll(zone.records, zone.name).map(({ name }) => name));
  const derived = [...namesOfAddresses(zones)]
    .filter(([reverse]) => !said.has(reverse) && zoneOf(reverse, zones) === zone)
    .map(([reverse, value]): DnsRecord => ({ name: `${reverse}.`, type: 'PTR', value: `${value}.` }));
  return { ...zone, records: [...zone.records, ...derived] };
};

export const zonesOfBind9 = (
  zones: readonly Zone[],
  authority: string | undefined,
): (Zone & { readonly backend: 'bind9' })[] =>
  zones.map((zone) => ({
    ...filled(zone, zones),
    backend: 'bind9',
    ...(zone.nameServer === undefined && zone.authoritative && authority !== undefined
      ? { nameServer: authority }
      : {}),
  }));
