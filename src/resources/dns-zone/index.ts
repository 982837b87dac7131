import type { z } from 'zod';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import { zoneConf, zoneData } from '../../facts/bind9/files.ts';
import { DNS_UNITS } from '../../facts/dns-programs.ts';
import { hostsFile, zoneFile } from '../../facts/dnsmasq/files.ts';
import { diffBind9 } from './bind9/diff.ts';
import { listBind9 } from './bind9/list.ts';
import { convergeTogether } from './converge.ts';
import { diffDnsmasq } from './dnsmasq/diff.ts';
import { listDnsmasq } from './dnsmasq/list.ts';
import { read, type Actual } from './read.ts';
import { zoneOf } from './resolved.ts';
import { desired, ops } from './schema.ts';

const NOTHING = { foreign: [], runs: false };

export default defineResource({
  kind: 'DnsZone',
  summary:
    'A zone that dnsmasq or named (bind9) serves, in files of its own that the program has checked before they are live; what ' +
    'it answers is compared, not only the files. Never touches dnsmasq.conf, named.conf, /etc/hosts, or names that others have.',
  desired,
  ops,
  examples: [
    {
      name: 'internal.example.net',
      records: [
        { name: 'portainer', type: 'A', value: '10.0.0.153' },
        { name: 'portainer', type: 'AAAA', value: 'fd00::153' },
        { name: 'docker', type: 'CNAME', value: 'portainer' },
        { name: '*.apps', type: 'A', value: '10.0.0.154' },
        { name: '@', type: 'TXT', value: 'v=spf1 -all' },
        { name: '_http._tcp', type: 'SRV', value: 'portainer', port: 9443 },
        { name: '@', type: 'MX', value: 'portainer' },
        { name: '10.0.0.1', type: 'PTR', value: 'gateway' },
      ],
    },
    { name: 'corp.example.com', forwarders: ['10.20.0.1', '10.20.0.2#5353'] },
    { name: 'old.example.net', ensure: 'absent' },
    {
      name: '0.0.10.in-addr.arpa',
      backend: 'bind9',
      records: [{ name: '10.0.0.153', type: 'PTR', value: 'portainer.internal.example.net' }],
    },
  ],

  key: zoneOf,
  // a zone can go without a server, and a server that is to go must wait for its zones
  requires: ({ backend, ensure }) => [
    refOf('AptPackage', backend),
    ...(ensure === 'absent' ? [] : [refOf('DnsServer', backend)]),
    refOf('SystemdUnit', DNS_UNITS[backend]),
  ],
  owns(want) {
    const files = want.backend === 'bind9' ? [zoneConf, zoneData] : [zoneFile, hostsFile];
    return files.map((file) => `path:${file(zoneOf(want))}`);
  },

  read,
  diff(want, actual) {
    const found: Actual = actual.is === 'present' ? actual.value : { backend: want.backend, ...NOTHING };
    return found.backend === 'bind9' ? diffBind9(want, found) : diffDnsmasq(want, found);
  },
  list: (host) => {
    const entries = [...listDnsmasq(host), ...listBind9(host)];
    return Promise.resolve(
      entries.filter((entry): entry is z.input<typeof desired> => desired.safeParse(entry).success),
    );
  },
  converge: (op, host) => convergeTogether([op], host),
  convergeTogether,
});
