import { z } from 'zod';
import { cidrOf } from '../../facts/ip-address.ts';
import { BOND_MODES, HASH_POLICIES, interfaceName, isVids, optionName } from './words.ts';

const cidr = z
  .string()
  .refine(
    (text) => text.includes('/') && cidrOf(text) !== undefined,
    'expected an address with its prefix, such as 10.0.0.13/24 or fd00::13/64',
  );

const optionValue = z
  .string()
  .regex(
    /^[^\s\0-\x1f\\](?:[^\0-\x1f\x7f]*[^\s\0-\x1f\\])?$/,
    'expected one line, without a backslash at its end',
  );

export const fields = z.strictObject({
  name: interfaceName.meta({
    description: 'name of the interface, at most 15 characters: vmbr0, eno1, bond0, bond0.7',
  }),
  address: z
    .union([cidr, z.array(cidr)])
    .optional()
    .meta({
      description:
        'its addresses, IPv4 and IPv6, one or a list, the first of each family being the primary one; none if left out',
    }),
  gateway: z
    .ipv4('expected an IPv4 address')
    .optional()
    .meta({ description: 'the default route for IPv4; one interface has it' }),
  gateway6: z
    .ipv6('expected an IPv6 address')
    .optional()
    .meta({ description: 'the default route for IPv6; one interface has it' }),
  dhcp: z
    .enum(['ipv4', 'ipv6', 'both'])
    .optional()
    .meta({ description: 'which addresses it gets by DHCP; needs a DHCP client on the host' }),
  mtu: z.int().min(68).max(65535).optional().meta({ description: 'largest packet; left alone if left out' }),
  nameservers: z
    .array(z.union([z.ipv4(), z.ipv6()], 'expected addresses'))
    .min(1, 'expected at least one; leave it out if there is none')
    .optional()
    .meta({
      description: 'lines for resolvconf, which must be installed to have an effect; left alone if left out',
    }),
  search: z
    .array(z.string().regex(/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?$/, 'expected domains'))
    .min(1, 'expected at least one; leave it out if there is none')
    .optional()
    .meta({ description: 'search domains for resolvconf; left alone if left out' }),
  bridgePorts: z.array(interfaceName).optional().meta({
    description:
      'makes it a bridge, with these ports; `[]` for none. Ports of guests come and go beside them',
  }),
  bridgeStp: z.boolean().default(false).meta({ description: 'spanning tree, on a bridge' }),
  bridgeForwardDelay: z
    .int()
    .min(0)
    .max(30)
    .optional()
    .meta({ description: 'seconds before a port of the bridge forwards; 0, or 15 with spanning tree' }),
  bridgeVlanAware: z
    .boolean()
    .optional()
    .meta({ description: 'whether the bridge tells VLANs apart; left alone if left out' }),
  bridgeVids: z
    .string()
    .refine(isVids, 'expected VLANs such as "2-4094" or "10 20 100-199"')
    .optional()
    .meta({ description: 'VLANs that ports of a VLAN-aware bridge let through; left alone if left out' }),
  bondSlaves: z
    .array(interfaceName)
    .min(1, 'expected at least one interface')
    .optional()
    .meta({ description: 'makes it a bond of these interfaces' }),
  bondMode: z
    .enum(BOND_MODES)
    .optional()
    .meta({ description: 'how the bond uses them; required for a bond' }),
  bondMiimon: z
    .int()
    .min(1)
    .max(255)
    .default(100)
    .meta({ description: 'milliseconds between two looks at the links of a bond' }),
  bondXmitHashPolicy: z
    .enum(HASH_POLICIES)
    .optional()
    .meta({ description: 'what decides the link that a packet takes; left alone if left out' }),
  bondPrimary: interfaceName
    .optional()
    .meta({ description: 'the interface that a bond prefers; left alone if left out' }),
  vlanDevice: interfaceName
    .optional()
    .meta({ description: 'makes it a VLAN on this interface; a name such as bond0.7 says it already' }),
  vlanId: z
    .int()
    .min(1)
    .max(4094)
    .optional()
    .meta({ description: 'number of the VLAN; a name such as bond0.7 says it already' }),
  dummy: z.boolean().default(false).meta({ description: 'makes it a dummy interface, which leads nowhere' }),
  auto: z.boolean().default(true).meta({ description: 'whether it comes up at boot' }),
  options: z
    .record(optionName, z.union([optionValue, z.array(optionValue).min(1)]))
    .default({})
    .meta({ description: 'other lines of interfaces(5), such as `post-up`; what is there besides is kept' }),
  ensure: z.enum(['present', 'absent']).default('present').meta({
    description:
      'absent takes its lines out of the file; a virtual one is removed, a physical one left without addresses',
  }),
});
export type Fields = z.output<typeof fields>;
