import { defineResource, refOf } from '../../engine/resource-type.ts';
import { hostsFile, zoneFile } from '../../facts/dnsmasq/files.ts';
import { convergeTogether } from './converge.ts';
import { diff } from './diff.ts';
import { list } from './list.ts';
import { read } from './read.ts';
import { zoneOf } from './render.ts';
import { desired, ops } from './schema.ts';

export default defineResource({
  kind: 'DnsZone',
  summary:
    'A zone that dnsmasq serves, in files of its own that dnsmasq has checked before they are live; what it answers is ' +
    'compared, not only the files. Never touches dnsmasq.conf, /etc/hosts, or names that others have.',
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
  ],

  key: zoneOf,
  // a zone can go without a server, and a server that is to go must wait for its zones
  requires: ({ ensure }) => [
    refOf('AptPackage', 'dnsmasq'),
    ...(ensure === 'absent' ? [] : [refOf('DnsServer', 'dnsmasq')]),
    refOf('SystemdUnit', 'dnsmasq.service'),
  ],
  owns: (want) => [`path:${zoneFile(zoneOf(want))}`, `path:${hostsFile(zoneOf(want))}`],

  read,
  diff,
  list,
  converge: (op, host) => convergeTogether([op], host),
  convergeTogether,
});
