import { z } from 'zod';

const LABEL = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?';

const hostName = z
  .string()
  .max(253)
  .regex(
    new RegExp(`^${LABEL}(?:\\.${LABEL})*$`),
    'expected a host name of letters, digits, dashes and dots',
  );

const entry = z.strictObject({
  address: z.union([z.ipv4(), z.ipv6()], { error: 'expected an IPv4 or IPv6 address' }),
  names: z.array(hostName).min(1),
});

export interface HostsEntry {
  readonly address: string;
  readonly names: readonly string[];
}

export const isV6 = (address: string): boolean => address.includes(':');

/** The resolver takes the first line that has the name, so that a second one of the family is without effect. */
const namesTwice = (entries: readonly HostsEntry[]): string[] => {
  const seen = new Set<string>();
  return entries.flatMap(({ address, names }) =>
    names.filter((name) => {
      const key = `${isV6(address) ? '6' : '4'} ${name.toLowerCase()}`;
      const twice = seen.has(key);
      seen.add(key);
      return twice;
    }),
  );
};

export const desired = z
  .strictObject({
    entries: z
      .array(entry)
      .min(1)
      .superRefine((entries, context) => {
        for (const name of namesTwice(entries))
          context.addIssue({ code: 'custom', message: `${name} stands for two addresses of one family` });
      })
      .optional()
      .meta({
        description:
          'addresses and the names that stand for them, the canonical one first; required unless absent',
      }),
    ensure: z
      .enum(['present', 'absent'])
      .default('present')
      .meta({ description: 'absent takes our block out; every other line stays' }),
  })
  .refine(({ ensure, entries }) => ensure === 'absent' || entries !== undefined, {
    path: ['entries'],
    error: 'expected at least one entry; `ensure: absent` takes the block out',
  });

const lines = z.array(z.string());

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('write'), lines }),
  z.strictObject({ op: z.literal('remove') }),
]);

export type Desired = z.output<typeof desired>;
export type HostsOp = z.output<typeof ops>;
