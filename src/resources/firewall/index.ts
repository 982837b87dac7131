import { defineResource, refOf } from '../../engine/resource-type.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { ENABLED, RULES, UNIT, UNIT_NAME } from './nftables/files.ts';
import { KEY, read } from './read.ts';
import { desired, ops } from './schema.ts';

export default defineResource({
  kind: 'Firewall',
  summary:
    'The packet filter of this host: one set of rules, in a table of its own in nftables, or as rules of this node in Proxmox VE. Never touches tables, rules, aliases, IP sets and groups of others, and refuses what would cut off SSH, the web interface of Proxmox VE or who is connected to them, unless told by name.',
  desired,
  ops,
  examples: [
    {
      policyIn: 'DROP',
      sets: { admins: ['10.0.0.5', 'fd00::5'] },
      rules: [
        { action: 'ACCEPT', proto: 'tcp', port: 22, source: 'admins', comment: 'administrators' },
        { action: 'ACCEPT', proto: 'tcp', port: [80, '8000-8010'], iface: 'vmbr0' },
        { action: 'ACCEPT', proto: 'icmp', icmpTypes: ['echo-request'] },
      ],
    },
  ],

  key: () => KEY,
  requires: () => [refOf('AptPackage', 'nftables')],
  owns: () => [`path:${RULES}`, `path:${UNIT}`, `path:${ENABLED}`, `unit:${UNIT_NAME}`],

  read,
  diff,
  converge,
});
