/** Where an operator would write what is live: by kind, its place in the sections of the manifest. */
import type { Fields } from './candidate.ts';

/** A value and where it goes; to the end of the list there, or as the value itself. */
export interface Put {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly toList: boolean;
}
type Place = (entry: Fields) => readonly Put[];

const inList =
  (...path: string[]): Place =>
  (value) => [{ path, value, toList: true }];

/** The fields of the only one of its kind, in a mapping of their own or among others. */
const asFields =
  (...path: string[]): Place =>
  (entry) =>
    Object.entries(entry).map(([key, value]) => ({ path: [...path, key], value, toList: false }));

const asValue =
  (field: string, ...path: string[]): Place =>
  (entry) => [{ path, value: entry[field], toList: false }];

const packagePlace: Place = (entry) => [
  {
    path: ['initial', 'apt', 'packages'],
    value: Object.keys(entry).length === 1 ? entry['name'] : entry,
    toList: true,
  },
];

const hostnamePlace: Place = ({ name, ...rest }) => [
  { path: ['initial', 'hostname'], value: name, toList: false },
  ...asFields('initial')(rest),
];

const sysctlPlace: Place = ({ key, value }) => [
  { path: ['initial', 'sysctl', String(key)], value, toList: false },
];

/** In the order in which an operator would write them. */
const PLACES: Readonly<Record<string, Place>> = {
  Hostname: hostnamePlace,
  HostsFile: asValue('entries', 'initial', 'hosts'),
  Timezone: asValue('zone', 'initial', 'timezone'),
  NtpServer: asFields('initial', 'ntp'),
  AptKey: inList('initial', 'apt', 'keys'),
  AptSource: inList('initial', 'apt', 'sources'),
  AptPackage: packagePlace,
  NetworkInterface: inList('initial', 'network', 'interfaces'),
  Sysctl: sysctlPlace,
  LogRotate: inList('initial', 'logrotate'),
  ZfsArcMax: asValue('max', 'zfs', 'arcMax'),
  ZfsPool: inList('zfs', 'pools'),
  ZfsDataset: inList('zfs', 'datasets'),
  ProxmoxStorage: inList('zfs', 'storage'),
  Firewall: asFields('firewall'),
  NfsServer: asFields('nfs', 'server'),
  NfsExport: inList('nfs', 'exports'),
  DnsServer: asFields('dns'),
  DnsZone: inList('dns', 'zones'),
  Resolver: asFields('dns', 'resolver'),
  SambaServer: asFields('samba', 'server'),
  SambaUser: inList('samba', 'users'),
  SambaShare: inList('samba', 'shares'),
  ZfsVolume: inList('sharedResources', 'volumes'),
  Directory: inList('sharedResources', 'directories'),
  AppArmorProfile: inList('apparmor', 'profiles'),
  AppArmorTunable: inList('apparmorTunables', 'dropIns'),
};

const ORDER = Object.keys(PLACES);

/** What stands first in its section. */
export const rankOf = (kind: string): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);

/** Every kind has a place among the resources. */
const amongResources = (kind: string, entry: Fields): readonly Put[] => [
  { path: ['resources'], value: { [kind]: entry }, toList: true },
];

/** In its section; those of kinds without one, and of sections that do not hold as a whole, among the resources. */
export const placeOf = (kind: string, entry: Fields, without: ReadonlySet<string>): readonly Put[] => {
  const puts = PLACES[kind]?.(entry) ?? [];
  const inSection = puts.length > 0 && !without.has(puts[0]?.path[0] ?? '');
  return inSection ? puts : amongResources(kind, entry);
};
