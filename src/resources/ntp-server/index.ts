import { absent, present } from '../../engine/reading.ts';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import { readOwnFile } from '../../facts/own-file.ts';
import type { HostReader } from '../../host/host.ts';
import { converge } from './converge.ts';
import { diff, type Actual } from './diff.ts';
import { chronyd } from './facts.ts';
import { desired, MAIN, ops, SETTINGS, SOURCES } from './schema.ts';

const KEY = 'system';

const actualOf = async (host: HostReader): Promise<Actual> => {
  const sources = readOwnFile(host, SOURCES);
  const settings = readOwnFile(host, SETTINGS);
  const main = host.readFile(MAIN)?.toString();
  const live = await host.fact(chronyd);
  return {
    ...(sources === undefined ? {} : { sources }),
    ...(settings === undefined ? {} : { settings }),
    ...(main === undefined ? {} : { main }),
    ...(live === undefined ? {} : { live }),
  };
};

export default defineResource({
  kind: 'NtpServer',
  summary:
    'Where the host takes its time from, by chrony, in files of our own in sources.d and conf.d; and who may ask it. In /etc/chrony/chrony.conf only the servers of the distribution are commented out. Whether a server answers is told, and is no drift.',
  desired,
  ops,
  owesTo: ['SystemdUnit'],
  examples: [
    {
      servers: ['time.example.net', { host: '10.0.0.1', prefer: true }],
      pools: ['2.debian.pool.ntp.org'],
      allow: ['10.0.0.0/24'],
    },
  ],

  key: () => KEY,
  requires: () => [refOf('AptPackage', 'chrony')],
  owns: () => [`path:${SOURCES}`, `path:${SETTINGS}`, `path:${MAIN}`],

  async read(host) {
    const actual = await actualOf(host);
    return new Map([[KEY, Object.keys(actual).length === 0 ? absent : present<Actual>(actual)]]);
  },

  diff,
  converge,
});
