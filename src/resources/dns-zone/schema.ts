import { z } from 'zod';
import { ipAddress } from '../../facts/addresses.ts';
import { domainName } from '../../facts/domain-name.ts';
import { conflictsOf } from './conflicts.ts';
import { recordLimits, zoneLimits } from './limits.ts';
import { record } from './record.ts';
import { resolveAll } from './resolved.ts';

const forwarder = z
  .string()
  .refine(
    (text) => ipAddress.safeParse(text.replace(/#\d{1,5}$/, '')).success,
    'expected the address of a DNS server, such as 10.0.0.1, or 10.0.0.1#5353 with a port',
  );

const shape = z.strictObject({
  name: domainName.meta({
    description:
      'name of the zone, such as internal.example.net; with bind9 also a reverse zone, such as 0.0.10.in-addr.arpa',
  }),
  backend: z
    .enum(['dnsmasq', 'bind9'])
    .default('dnsmasq')
    .meta({ description: 'who serves it; in the section `dns` that of the server' }),
  records: z.array(record).default([]).meta({
    description:
      'its records. PTR records of its addresses come by themselves: with dnsmasq always, with bind9 those in reverse zones of the section `dns`',
  }),
  forwarders: z.array(forwarder).default([]).meta({
    description:
      'servers that are asked for names of the zone that have no records here; without any there are no such names',
  }),
  authoritative: z.boolean().default(false).meta({
    description:
      'answered with authority at the addresses of `authority` of the DnsServer, for other name servers',
  }),
  ttl: z.int().min(0).max(604_800).optional().meta({
    description:
      'bind9: seconds for which clients may keep records that have no ttl of their own; 3600 if left out',
  }),
  nameServer: domainName.optional().meta({
    description:
      'bind9: name of this server in the NS and SOA records; in the section `dns` that of `authority`, else localhost',
  }),
  ensure: z
    .enum(['present', 'absent'])
    .default('present')
    .meta({ description: 'absent removes the zone and its records' }),
});
export type Desired = z.output<typeof shape>;
/** A section names the program once, for all zones: its limits are seen when that is put in. */
export type Limited = Omit<Desired, 'backend'> & Partial<Pick<Desired, 'backend'>>;

const refine = (want: Limited, context: z.RefinementCtx): void => {
  const add = (path: (string | number)[], message: string): void => {
    context.addIssue({ code: 'custom', path, message, input: want });
  };
  for (const [field, message] of zoneLimits(want)) add([field], message);
  for (const [index, one] of want.records.entries())
    for (const [field, message] of recordLimits(want, one)) add(['records', index, field], message);
  for (const { index, field, message } of conflictsOf(resolveAll(want.records, want.name), want))
    add(['records', index, field], message);
};

export const desired = shape.superRefine(refine);

/** In the section, where the server names the program. */
export const zoneInSection = shape.omit({ backend: true }).superRefine(refine);

/** Both files of the zone; null removes one. */
const texts = { zone: domainName, conf: z.string().nullable(), hosts: z.string().nullable() };

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('write'), ...texts }),
  z.strictObject({ op: z.literal('reload') }),
  z.strictObject({ op: z.literal('restart') }),
  /** Statements and data of a zone of named; null removes one. The serial of the data is raised when it is written. */
  z.strictObject({
    op: z.literal('write-bind9'),
    zone: domainName,
    conf: z.string().nullable(),
    data: z.string().nullable(),
  }),
  z.strictObject({ op: z.literal('reload-bind9'), zone: domainName }),
]);
export type ZoneOp = z.output<typeof ops>;
