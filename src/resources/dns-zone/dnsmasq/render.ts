/** The two files of a zone, in the words of dnsmasq(8) and hosts(5). */
import { hostsFile } from '../../../facts/dnsmasq/files.ts';
import { withMark, zonePart } from '../../../facts/dnsmasq/mark.ts';
import { isAddressRecord, resolveAll, stringsOf, zoneOf, type ResolvedRecord } from '../resolved.ts';
import type { Desired } from '../schema.ts';

export interface Texts {
  readonly conf: string;
  readonly hosts: string;
}

/** Those that stand in the hosts file: dnsmasq has no ttl there, and no wildcard. */
export const isReloadable = (one: ResolvedRecord): boolean =>
  isAddressRecord(one) && !one.wildcard && one.ttl === undefined;

const headingOf = (zone: string): string => `DnsZone[${zone}]`;

const ttlOf = ({ ttl }: ResolvedRecord): string => (ttl === undefined ? '' : `,${ttl}`);

const addressLine = (one: ResolvedRecord): string =>
  one.wildcard ? `address=/*.${one.name}/${one.data}` : `host-record=${one.name},${one.data}${ttlOf(one)}`;

const lineOf = (one: ResolvedRecord): string => {
  const [first = '', second = '', port = ''] = one.data.split(' ');
  switch (one.type) {
    case 'A':
    case 'AAAA':
      return addressLine(one);
    case 'CNAME':
      return `cname=${one.name},${one.target}${ttlOf(one)}`;
    case 'MX':
      return `mx-host=${one.name},${one.target},${first}`;
    case 'SRV':
      return `srv-host=${one.name},${one.target},${port},${first},${second}`;
    case 'PTR':
      return `ptr-record=${one.name},${one.target}`;
    case 'TXT':
      return `txt-record=${one.name},${stringsOf(one.data).join(',')}`;
  }
};

const kindLines = (want: Desired, zone: string): string[] => {
  if (want.authoritative) return [`auth-zone=${zone}`];
  if (want.forwarders.length === 0) return [`local=/${zone}/`];
  return [...want.forwarders.map((server) => `server=/${zone}/${server}`), `rebind-domain-ok=/${zone}/`];
};

export const render = (want: Desired): Texts => {
  const zone = zoneOf(want);
  const records = resolveAll(want.records, zone);
  const lines = [
    ...kindLines(want, zone),
    `addn-hosts=${hostsFile(zone)}`,
    ...records.filter((one) => !isReloadable(one)).map(lineOf),
  ];
  const hosts = records.filter(isReloadable).map(({ name, data }) => `${data} ${name}\n`);
  return {
    conf: withMark(headingOf(zone), zonePart(zone), lines),
    hosts: `# managed by phoenix: ${headingOf(zone)}\n${hosts.join('')}`,
  };
};
