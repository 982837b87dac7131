import type { z } from 'zod';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import { EMPTY_FILE, OPTIONS, SERVER_FILE as MARK_FILE } from '../../facts/bind9/files.ts';
import { SERVER_FILE } from '../../facts/dnsmasq/files.ts';
import { convergeBind9 } from './bind9/converge.ts';
import { diffBind9 } from './bind9/diff.ts';
import { listBind9 } from './bind9/list.ts';
import { convergeDnsmasq } from './dnsmasq/converge.ts';
import { diffDnsmasq } from './dnsmasq/diff.ts';
import { listDnsmasq } from './dnsmasq/list.ts';
import { read, type Actual } from './read.ts';
import { desired, ops } from './schema.ts';

const NOTHING = { conflicts: [], holders: [] };

export default defineResource({
  kind: 'DnsServer',
  summary:
    'Settings of dnsmasq, or of named (bind9), as a DNS server, in files that the program has checked before they are live. ' +
    'Never touches dnsmasq.conf, named.conf, zones or files of others, and never serves DHCP; does not install, enable or start it.',
  desired,
  ops,
  examples: [
    { listen: ['10.0.0.13'], upstream: ['9.9.9.9', '149.112.112.112'], dnssec: true, cacheSize: 1000 },
    { backend: 'bind9', listen: ['10.0.0.13', 'fd00::13'], upstream: ['9.9.9.9'], rebindProtection: true },
  ],

  key: ({ backend }) => backend,
  // named would start as it is installed, with its own settings: ours go before it
  requires: ({ backend }) => (backend === 'bind9' ? [] : [refOf('AptPackage', backend)]),
  owns: ({ backend }) =>
    (backend === 'bind9' ? [OPTIONS, MARK_FILE, EMPTY_FILE] : [SERVER_FILE]).map((path) => `path:${path}`),

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
  converge: (op, host) =>
    op.op === 'write-bind9' || op.op === 'reload-bind9' ? convergeBind9(op, host) : convergeDnsmasq(op, host),
});
