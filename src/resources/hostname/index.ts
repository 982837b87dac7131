import { present, readEach } from '../../engine/reading.ts';
import { defineResource } from '../../engine/resource-type.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { HOSTNAME, HOSTS, readNames } from './facts.ts';
import { desired, ops, type Actual } from './schema.ts';

export default defineResource({
  kind: 'Hostname',
  summary:
    'The name of the host, live and at boot, and its own line in /etc/hosts. Leaves every other line there alone, and does not rename a Proxmox VE node that has guests or is in a cluster.',
  desired,
  ops,
  examples: [{ name: 'phoenix', domain: 'internal.example.net', address: '10.0.0.13' }],

  key: () => 'system',
  owns: () => [`path:${HOSTNAME}`, `part:${HOSTS}#own line`],

  read: (host, all) =>
    readEach(
      all,
      () => 'system',
      () => present<Actual>(readNames(host)),
    ),

  diff,
  converge,

  list(host) {
    const { persisted, live } = readNames(host);
    const { success, data } = desired.safeParse({ name: persisted ?? live });
    return Promise.resolve(success ? [data] : []);
  },
});
