import { absent, present } from '../../engine/reading.ts';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import { DNS_UNITS } from '../../facts/dns-programs.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { findResolvConf } from './manager.ts';
import { parse, PATH } from './resolv-conf.ts';
import { desired, ops } from './schema.ts';

const KEY = 'system';

export default defineResource({
  kind: 'Resolver',
  summary:
    'Which DNS servers this host asks: /etc/resolv.conf. Each new one must answer before the old ones go, and they come ' +
    'back if names are not resolved then. Never writes where systemd-resolved, resolvconf or another program keeps the file.',
  desired,
  ops,
  examples: [
    {
      nameservers: ['127.0.0.1'],
      search: ['internal.example.net'],
      options: ['timeout:2'],
      probe: 'portainer.internal.example.net',
    },
  ],

  key: () => KEY,
  requires: () =>
    Object.entries(DNS_UNITS).flatMap(([server, unit]) => [
      refOf('DnsServer', server),
      refOf('SystemdUnit', unit),
    ]),
  owns: () => [`path:${PATH}`],

  read(host) {
    const found = findResolvConf(host);
    return new Map([[KEY, Object.keys(found).length === 0 ? absent : present(found)]]);
  },

  diff,
  converge,

  list(host) {
    const { text, manager } = findResolvConf(host);
    if (text === undefined || manager !== undefined) return Promise.resolve([]);
    const { nameservers, search, options } = parse(text);
    const entry = { nameservers: [...nameservers], search: [...search], options: [...options] };
    return Promise.resolve(desired.safeParse(entry).success ? [entry] : []);
  },
});
