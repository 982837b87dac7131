import { defineResource, refOf } from '../../engine/resource-type.ts';
import { convergeTogether } from './converge.ts';
import { diff } from './diff.ts';
import { INTERFACES } from './interfaces-file.ts';
import { list } from './list.ts';
import { read } from './read.ts';
import { desired, ops } from './schema.ts';

export default defineResource({
  kind: 'NetworkInterface',
  summary: `A network interface in ${INTERFACES}, and as it is now: a card, bridge, bond, VLAN or dummy, its addresses and default routes. Keeps what others wrote there; never restarts the network, never takes guests off a bridge, and leaves \`lo\` and what the manifest does not name alone.`,
  desired,
  ops,
  examples: [
    { name: 'eno1' },
    {
      name: 'vmbr0',
      address: '10.0.0.13/24',
      gateway: '10.0.0.1',
      bridgePorts: ['eno1'],
      bridgeVlanAware: true,
    },
    {
      name: 'bond0',
      bondSlaves: ['eno2', 'eno3'],
      bondMode: '802.3ad',
      bondXmitHashPolicy: 'layer3+4',
      mtu: 9000,
    },
    { name: 'bond0.40', address: ['10.40.0.2/24', 'fd00:40::2/64'], gateway6: 'fd00:40::1' },
    { name: 'vmbr9', ensure: 'absent' },
  ],

  key: ({ name }) => name,
  requires: () => [refOf('AptPackage', 'ifupdown2'), refOf('AptPackage', 'isc-dhcp-client')],

  read,
  readsWhole: true,
  diff,
  converge: (op, host) => convergeTogether([op], host),
  convergeTogether,

  list: (host) => Promise.resolve(list(host)),
});
