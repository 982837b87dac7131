import { z } from 'zod';
import { ipAddress } from '../../facts/addresses.ts';
import { domainName } from '../../facts/domain-name.ts';

const distinct = (all: readonly string[]): boolean => new Set(all).size === all.length;

const option = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]*(?::\d{1,3})?$/,
    'expected an option of resolv.conf(5), such as `edns0` or `timeout:2`',
  );

export const desired = z.strictObject({
  nameservers: z
    .array(ipAddress)
    .min(1)
    .max(3, 'expected at most 3 servers: the C library reads no more')
    .refine(distinct, 'expected every server once')
    .meta({
      description:
        'addresses of DNS servers, asked in this order. The next is only asked when one does not answer at all: ' +
        'a public one behind your own would then see internal names',
    }),
  search: z
    .array(domainName)
    .default([])
    .refine(distinct, 'expected every domain once')
    .meta({ description: 'domains that are tried for names without a dot' }),
  options: z
    .array(option)
    .default([])
    .refine(distinct, 'expected every option once')
    .meta({ description: 'options of resolv.conf(5), such as `timeout:2`' }),
  probe: domainName.optional().meta({
    description:
      'a name that each server must know, and that this host must resolve afterwards. Without it a server must know the ' +
      'root of the DNS, which one without `upstream` does not',
  }),
});
export type Desired = z.output<typeof desired>;

export const ops = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('write'),
    text: z.string(),
    nameservers: z.array(z.string()),
    probe: z.string().optional(),
    /** A symlink to nothing is in its place. */
    replacesLink: z.boolean(),
  }),
]);
export type ResolverOp = z.output<typeof ops>;
