import { z } from 'zod';
import { ipAddress, isIpv4 } from '../../facts/addresses.ts';
import { domainName } from '../../facts/domain-name.ts';

/** Another server, at another port if need be, as dnsmasq(8) writes it. */
const upstream = z
  .string()
  .refine(
    (text) => ipAddress.safeParse(text.replace(/#\d{1,5}$/, '')).success,
    'expected the address of a DNS server, such as 9.9.9.9, or 10.0.0.1#5353 with a port',
  );

const distinct = (all: readonly string[]): boolean => new Set(all).size === all.length;

/** What only one of the two has, and the other takes no word of. */
const ONLY_DNSMASQ = {
  hosts: 'bind9 does not answer what stands in /etc/hosts; declare records of a zone',
  cacheSize: 'only dnsmasq counts names; named keeps at most 64 MiB',
  localTtl: 'bind9 has it with each zone; declare `ttl` there',
} as const;

const shape = z.strictObject({
  backend: z.enum(['dnsmasq', 'bind9']).default('dnsmasq').meta({
    description:
      'the program: dnsmasq, or bind9 (named) where reverse zones, aliases to other zones, records of any type with a time to live or names with `*` of any type are needed',
  }),
  listen: z
    .array(ipAddress)
    .default([])
    .refine(distinct, 'expected every address once')
    .meta({
      description:
        'addresses to answer at, besides 127.0.0.1, and at no others; one that the host gets later is served then. ' +
        'Everybody who reaches them is answered: the firewall decides who does',
    }),
  upstream: z.array(upstream).default([]).refine(distinct, 'expected every server once').meta({
    description:
      'servers that are asked for all other names; without any dnsmasq refuses such names, and bind9 asks the servers of the root itself. /etc/resolv.conf is not used',
  }),
  dnssec: z
    .boolean()
    .default(false)
    .meta({ description: 'answers of the upstream servers are validated; needs a clock that is right' }),
  rebindProtection: z.boolean().default(false).meta({
    description: 'private addresses in answers of the upstream servers are discarded, but for those of zones',
  }),
  internal: z.array(domainName).default([]).meta({
    description:
      'bind9: zones of others that may have private addresses and no signatures; those that the section forwards are added',
  }),
  hosts: z
    .boolean()
    .default(false)
    .meta({ description: 'whether what stands in /etc/hosts is answered as well' }),
  cacheSize: z
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .meta({ description: 'how many names are kept; 150 if left out, as dnsmasq has it' }),
  localTtl: z
    .int()
    .min(0)
    .max(604_800)
    .default(0)
    .meta({ description: 'seconds for which clients may keep our own records' }),
  authority: z
    .strictObject({
      name: domainName.meta({ description: 'name of this server in the NS and SOA records of its zones' }),
      listen: z
        .array(ipAddress.refine(isIpv4, 'expected an IPv4 address'))
        .min(1)
        .meta({ description: 'addresses that answer for authoritative zones, and for nothing else' }),
    })
    .optional()
    .meta({ description: 'for zones that are authoritative: who and where this server is' }),
  ensure: z
    .enum(['present', 'absent'])
    .default('present')
    .meta({ description: 'absent removes our settings; the package and its unit stay' }),
});
export type Desired = z.output<typeof shape>;

const alien = ({
  backend,
  hosts,
  cacheSize,
  localTtl,
  internal,
}: Desired): [path: string, message: string][] => {
  if (backend === 'dnsmasq')
    return internal.length === 0 ? [] : [['internal', 'dnsmasq takes every zone that is forwarded for such']];
  const said = { hosts, cacheSize: cacheSize !== undefined, localTtl: localTtl > 0 };
  return Object.entries(ONLY_DNSMASQ).filter(([field]) => said[field as keyof typeof said]);
};

export const desired = shape.superRefine((want, context) => {
  for (const [path, message] of alien(want)) context.addIssue({ code: 'custom', path: [path], message });
});

export const ops = z.discriminatedUnion('op', [
  /** Our file; null removes it. */
  z.strictObject({ op: z.literal('write'), text: z.string().nullable() }),
  z.strictObject({ op: z.literal('restart') }),
  /** named.conf.options, and the file with its mark; null removes one. */
  z.strictObject({
    op: z.literal('write-bind9'),
    options: z.string().nullable(),
    mark: z.string().nullable(),
  }),
  z.strictObject({ op: z.literal('reload-bind9') }),
]);
export type ServerOp = z.output<typeof ops>;
