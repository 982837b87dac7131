/** The manifest of zone.ts for named, with the reverse zones that it serves. */
import { bringDebs } from '../image/debs.ts';
import type { Machine } from '../machine/machine.ts';
import { RECORDS, ZONE } from './zone.ts';

export const REVERSE = '0.0.10.in-addr.arpa';
/** Of fd00::/64. */
const REVERSE6 = `${'0.'.repeat(14)}d.f.ip6.arpa`;

/** What dnsmasq takes in any zone, named only in the one that it is of. */
const isOfReverse = (record: string): boolean => record.includes('type: PTR');

const zone = (name: string, fields: string, records: readonly string[]): string =>
  `    - name: ${name}\n${fields}${records.length === 0 ? '' : `      records:\n${records.join('')}`}`;

export const manifestOfBind9 = (records = RECORDS): string =>
  'version: 1\ndns:\n  backend: bind9\n  listen: [10.9.0.1]\n  upstream: [10.9.0.53]\n  rebindProtection: true\n' +
  '  authority: { name: ns.auth.example.net, listen: [10.9.0.2] }\n  zones:\n' +
  zone(
    ZONE,
    '      ttl: 30\n',
    records.filter((one) => !isOfReverse(one)),
  ) +
  zone(REVERSE, '      ttl: 30\n', [`        - { name: 10.0.0.9, type: PTR, value: router.${ZONE} }\n`]) +
  zone(REVERSE6, '', []) +
  zone('corp.example.com', '      forwarders: [10.9.0.54]\n', []) +
  zone('auth.example.net', '      authoritative: true\n', [
    '        - { name: ns, type: A, value: 10.9.0.2 }\n',
  ]) +
  `  resolver: { nameservers: [127.0.0.1], search: [${ZONE}], options: ['timeout:2'], probe: web.${ZONE} }\n`;

/** For apt to find. */
export const bringBind9 = async (machine: Machine): Promise<void> => {
  await bringDebs(machine, '/srv/apt', ['bind9', 'bind9-utils', 'bind9-libs', 'dns-root-data']);
  await machine.succeed('cd /srv/apt && dpkg-scanpackages --multiversion . > Packages 2> /dev/null');
  await machine.succeed('apt-get -q update');
};
