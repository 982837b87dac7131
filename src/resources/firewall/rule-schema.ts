/** One rule of the manifest. */
import { z } from 'zod';
import { parseAddress } from './addresses.ts';
import { ICMP_TYPES, ICMPV6_TYPES } from './icmp.ts';
import { parsePort } from './ports.ts';

export const SET_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;

const isAddress = (text: string): boolean => parseAddress(text) !== undefined;

export const address = z
  .string()
  .refine(
    isAddress,
    'expected an address, a network such as 10.0.0.0/24 or a range such as 10.0.0.5-10.0.0.9',
  );

const place = z
  .string()
  .refine(
    (text) => isAddress(text) || SET_NAME.test(text),
    'expected an address, a network such as 10.0.0.0/24, a range such as 10.0.0.5-10.0.0.9, or the name of a set',
  );

const port = z
  .union([z.int(), z.string()])
  .refine(
    (one) => parsePort(one) !== undefined,
    'expected a port from 1 to 65535, or a range such as 8000-8010',
  );

const oneOrMore = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1)]).optional();

/** Names as Linux has them; `*`, `+` and blanks mean something to those who filter. */
const device = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.:@-]{0,14}$/, 'expected the name of a network interface, such as vmbr0');

const fields = z.strictObject({
  direction: z
    .enum(['in', 'out', 'forward'])
    .default('in')
    .meta({ description: 'packets to this host, from it, or through it to others' }),
  action: z.enum(['ACCEPT', 'DROP', 'REJECT']).meta({ description: 'what happens to a packet that matches' }),
  proto: z
    .enum(['tcp', 'udp', 'sctp', 'icmp', 'icmpv6', 'esp', 'ah', 'gre'])
    .optional()
    .meta({ description: 'the protocol; any if left out' }),
  port: oneOrMore(port).meta({
    description: 'destination ports: a port, a range such as 8000-8010, or a list',
  }),
  sourcePort: oneOrMore(port).meta({ description: 'source ports' }),
  source: oneOrMore(place).meta({
    description: 'where it comes from: addresses, networks, ranges, or names of sets; of IPv4, IPv6 or both',
  }),
  destination: oneOrMore(place).meta({ description: 'where it goes, likewise' }),
  iface: device.optional().meta({
    description: 'the network interface: where it comes in, or of `out` where it goes out',
  }),
  outIface: device.optional().meta({ description: 'of `forward`: where it goes out' }),
  icmpTypes: z
    .array(z.enum([...new Set([...ICMP_TYPES, ...ICMPV6_TYPES])]))
    .min(1)
    .optional()
    .meta({ description: 'types of `icmp` or `icmpv6`; any if left out' }),
  log: z.boolean().default(false).meta({ description: 'also write a line to the log of the kernel' }),
  comment: z
    .string()
    .min(1)
    .max(100)
    // a line break would begin a rule of its own
    .regex(/^[^\p{C}"\\]*$/u, 'expected one line without quotes and backslashes')
    .refine((text) => Buffer.byteLength(text) <= 110, 'expected at most 110 bytes')
    .refine((text) => text === text.trim(), 'expected no blank at its ends')
    .optional()
    .meta({ description: 'what it is for; shown beside the rule' }),
});
type Fields = z.output<typeof fields>;

const hasPorts = ({ proto }: Fields): boolean => proto === 'tcp' || proto === 'udp' || proto === 'sctp';

const hasTypes = ({ proto, icmpTypes = [] }: Fields): boolean => {
  const known: Readonly<Record<string, readonly string[]>> = { icmp: ICMP_TYPES, icmpv6: ICMPV6_TYPES };
  return icmpTypes.every((type) => known[proto ?? '']?.includes(type));
};

export const rule = fields
  .refine((one) => hasPorts(one) || (one.port ?? one.sourcePort) === undefined, {
    path: ['port'],
    error: 'ports need a `proto`: tcp, udp or sctp',
  })
  .refine(hasTypes, {
    path: ['icmpTypes'],
    error: 'expected types that `proto`, which must be icmp or icmpv6, has',
  })
  .refine(({ direction, outIface }) => direction === 'forward' || outIface === undefined, {
    path: ['outIface'],
    error: 'expected `iface`: only a rule of direction forward has two interfaces',
  });

export type Rule = z.output<typeof rule>;
