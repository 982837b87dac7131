import { z } from 'zod';
import { ipAddress } from '../../facts/addresses.ts';
import { domainName } from '../../facts/domain-name.ts';
import { conflictsOf } from './conflicts.ts';
import { record } from './record.ts';
import { resolveAll } from './resolved.ts';

const forwarder = z
  .string()
  .refine(
    (text) => ipAddress.safeParse(text.replace(/#\d{1,5}$/, '')).success,
    'expected the address of a DNS server, such as 10.0.0.1, or 10.0.0.1#5353 with a port',
  );

const shape = z.strictObject({
  name: domainName.meta({ description: 'name of the zone, such as internal.example.net' }),
  records: z
    .array(record)
    .default([])
    .meta({ description: 'its records. PTR records of its addresses come by themselves' }),
  forwarders: z.array(forwarder).default([]).meta({
    description:
      'servers that are asked for names of the zone that have no records here; without any there are no such names',
  }),
  authoritative: z.boolean().default(false).meta({
    description:
      'answered with authority at the addresses of `authority` of the DnsServer, for other name servers',
  }),
  ensure: z
    .enum(['present', 'absent'])
    .default('present')
    .meta({ description: 'absent removes the zone and its records' }),
});
export type Desired = z.output<typeof shape>;

const isEmpty = ({ ensure, records, forwarders }: Desired): boolean =>
  ensure === 'present' && records.length === 0 && forwarders.length === 0;

export const desired = shape
  .refine((want) => !isEmpty(want), {
    path: ['records'],
    error: 'expected records or forwarders: of a zone without any no name would exist',
  })
  .refine(({ authoritative, forwarders }) => !authoritative || forwarders.length === 0, {
    path: ['forwarders'],
    error: 'an authoritative zone is not forwarded',
  })
  .refine(
    ({ authoritative, records }) => !authoritative || records.every(({ name }) => !name.startsWith('*')),
    {
      path: ['records'],
      error: 'dnsmasq has no names with `*` in an authoritative zone',
    },
  )
  .superRefine(({ name, records }, context) => {
    for (const { index, field, message } of conflictsOf(resolveAll(records, name), name))
      context.addIssue({ code: 'custom', path: ['records', index, field], message });
  });

/** Both files of the zone; null removes one. */
const texts = { zone: domainName, conf: z.string().nullable(), hosts: z.string().nullable() };

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('write'), ...texts }),
  z.strictObject({ op: z.literal('reload') }),
  z.strictObject({ op: z.literal('restart') }),
]);
export type ZoneOp = z.output<typeof ops>;
