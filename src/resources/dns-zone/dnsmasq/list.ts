/** Our files of a zone as an entry of the manifest: `render`, backwards. */
import { isIpv4, isIpv6 } from '../../../facts/addresses.ts';
import { hostsFile, zoneFile, zonesOnDisk } from '../../../facts/dnsmasq/files.ts';
import { isMark } from '../../../facts/dnsmasq/mark.ts';
import type { HostReader } from '../../../host/host.ts';
import { relative, target, unquoted } from '../written.ts';
type Fields = Readonly<Record<string, unknown>>;

const ttl = (words: readonly string[]): Fields => (words[0] === undefined ? {} : { ttl: Number(words[0]) });

const address = (name: string, value: string, more: Fields = {}): Fields => ({
  name,
  type: isIpv4(value) ? 'A' : 'AAAA',
  value,
  ...more,
});

const numbered = (fields: Readonly<Record<string, string | undefined>>): Fields =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, Number(value)]));

/** By the key of dnsmasq(8): the words of a line, without their commas. */
const RECORDS: Readonly<Record<string, (zone: string, words: readonly string[], value: string) => Fields>> = {
  'host-record': (zone, [name = '', value = '', ...rest]) => address(relative(name, zone), value, ttl(rest)),
  cname: (zone, [name = '', to = '', ...rest]) => ({
    name: relative(name, zone),
    type: 'CNAME',
    value: target(to, zone),
    ...ttl(rest),
  }),
  'mx-host': (zone, [name = '', to = '', priority]) => ({
    name: relative(name, zone),
    type: 'MX',
    value: target(to, zone),
    ...numbered({ priority }),
  }),
  'srv-host': (zone, [name = '', to = '', port, priority, weight]) => ({
    name: relative(name, zone),
    type: 'SRV',
    value: target(to, zone),
    ...numbered({ port, priority, weight }),
  }),
  'ptr-record': (zone, [name = '', to = '']) => ({
    name: relative(name, zone),
    type: 'PTR',
    value: target(to, zone),
  }),
  'txt-record': (zone, [name = ''], value) => ({
    name: relative(name, zone),
    type: 'TXT',
    value: unquoted(value),
  }),
};

const wildcard = (zone: string, value: string): Fields[] => {
  const [, name = '', data = ''] = /^\/\*\.([^/]+)\/(\S+)$/.exec(value) ?? [];
  const short = relative(name, zone);
  return name === '' ? [] : [address(short === '@' ? '*' : `*.${short}`, data)];
};

const settingsIn = (text: string): [key: string, value: string][] =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#') && line.includes('='))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);

const recordIn = (zone: string, key: string, value: string): Fields[] => {
  if (key === 'address') return wildcard(zone, value);
  const parse = isMark(key, value) ? undefined : RECORDS[key];
  return parse === undefined ? [] : [parse(zone, value.split(','), value)];
};

const addressesIn = (zone: string, hosts: string): Fields[] =>
  hosts
    .split('\n')
    .map((line) => line.split(' '))
    .flatMap(([value = '', name = '']) =>
      isIpv4(value) || isIpv6(value) ? [address(relative(name, zone), value)] : [],
    );

const entryOf = (zone: string, conf: string, hosts: string): Fields => {
  const settings = settingsIn(conf);
  const records = [
    ...addressesIn(zone, hosts),
    ...settings.flatMap(([key, value]) => recordIn(zone, key, value)),
  ];
  const forwarders = settings
    .filter(([key, value]) => key === 'server' && value.startsWith(`/${zone}/`))
    .map(([, value]) => value.slice(zone.length + 2));
  return {
    name: zone,
    ...(records.length === 0 ? {} : { records }),
    ...(forwarders.length === 0 ? {} : { forwarders }),
    ...(settings.some(([key]) => key === 'auth-zone') ? { authoritative: true } : {}),
  };
};

/** Our own zones: those of others are theirs, and would be refused. */
export const listDnsmasq = (host: HostReader): Fields[] => {
  const textOf = (path: string): string => host.readFile(path)?.toString() ?? '';
  return zonesOnDisk(host).map((zone) => entryOf(zone, textOf(zoneFile(zone)), textOf(hostsFile(zone))));
};
