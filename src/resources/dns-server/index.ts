import { defineResource, refOf } from '../../engine/resource-type.ts';
import { check, goLive } from '../../facts/dnsmasq/candidate.ts';
import { SERVER_FILE } from '../../facts/dnsmasq/files.ts';
import { restart } from '../../facts/dnsmasq/service.ts';
import { diff } from './diff.ts';
import { list } from './list.ts';
import { KEY, read } from './read.ts';
import { desired, ops } from './schema.ts';

export default defineResource({
  kind: 'DnsServer',
  summary:
    'Settings of dnsmasq as a DNS server, in a file of our own below /etc/dnsmasq.d that dnsmasq has checked before it is ' +
    'live. Never touches dnsmasq.conf or files of others, and never serves DHCP; does not install, enable or start it.',
  desired,
  ops,
  examples: [
    { listen: ['10.0.0.13'], upstream: ['9.9.9.9', '149.112.112.112'], dnssec: true, cacheSize: 1000 },
  ],

  key: () => KEY,
  requires: () => [refOf('AptPackage', 'dnsmasq')],
  owns: () => [`path:${SERVER_FILE}`],

  read,
  diff,
  list,

  async converge(op, host) {
    if (op.op === 'restart') {
      await check(host, new Map());
      await restart(host);
      return;
    }
    const texts = new Map([[SERVER_FILE, op.text ?? undefined]]);
    await check(host, texts);
    await goLive(host, texts);
  },
});
