/** A record as the manifest has it. */
import { z } from 'zod';
import { isIpv4, isIpv6 } from '../../facts/addresses.ts';
import { relativeName } from '../../facts/domain-name.ts';

export const TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'PTR', 'SRV', 'TXT'] as const;
export type Type = (typeof TYPES)[number];

const isName = (text: string): boolean => relativeName.safeParse(text).success;

/** dnsmasq reads lines of at most 1,024 bytes (2.90, 2.91), and needs one for a record. */
const isText = (text: string): boolean =>
  /^[\x20-\x7e]*$/.test(text) && text.replaceAll(/["\\]/g, '\\$&').length <= 700;

const VALUES: Readonly<Record<Type, readonly [is: (text: string) => boolean, expected: string]>> = {
  A: [isIpv4, 'expected an IPv4 address'],
  AAAA: [isIpv6, 'expected an IPv6 address'],
  CNAME: [isName, 'expected the name that it is an alias of'],
  MX: [isName, 'expected the name of a mail server'],
  PTR: [isName, 'expected a name'],
  SRV: [isName, 'expected the name of a server'],
  TXT: [isText, 'expected at most 700 characters of ASCII, without control characters'],
};

/** What only some types have. */
const FIELDS = {
  priority: ['MX', 'SRV'],
  weight: ['SRV'],
  port: ['SRV'],
} as const satisfies Readonly<Record<string, readonly Type[]>>;

const shape = z.strictObject({
  name: z
    .string()
    .refine(
      (name) => isName(name.replace(/^\*(?:\.|$)/, '') || '@') || isIpv6(name),
      'expected a name, such as `www`, `*.apps`, or `@` for the zone itself',
    )
    .meta({
      description:
        'below the zone; `@` is the zone itself; with `*` in front every name below; of a PTR, an address',
    }),
  type: z.enum(TYPES).meta({ description: 'type of the record' }),
  value: z.string().meta({
    description:
      'address, text, or name; a name without a dot is below the zone, one with a dot is whole, `@` is the zone itself',
  }),
  ttl: z.int().min(1).max(604_800).optional().meta({
    description:
      'seconds for which clients may keep it. dnsmasq: A, AAAA and CNAME only, and changes then need a restart',
  }),
  priority: z
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .meta({ description: 'MX (10 if left out), SRV (0): the lowest is tried first' }),
  weight: z
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .meta({ description: 'SRV: share among those of one priority; 0 if left out' }),
  port: z.int().min(1).max(65_535).optional().meta({ description: 'SRV: port of the service; required' }),
});
export type Written = z.output<typeof shape>;

export type Issue = readonly [path: string, message: string];

const fieldIssues = (record: Written): Issue[] =>
  Object.entries(FIELDS).flatMap(([field, types]: [string, readonly Type[]]): Issue[] =>
    record[field as keyof typeof FIELDS] === undefined || types.includes(record.type)
      ? []
      : [[field, `there is no ${field} of ${record.type}; only of ${types.join(', ')}`]],
  );

const nameIssues = ({ name, type }: Written): Issue[] =>
  isIpv6(name) && type !== 'PTR' ? [['name', 'only a PTR record is named by an address']] : [];

const issuesOf = (record: Written): Issue[] => {
  const [is, expected] = VALUES[record.type];
  return [
    ...(is(record.value) ? [] : ([['value', expected]] satisfies Issue[])),
    ...(record.type === 'SRV' && record.port === undefined
      ? ([['port', 'expected the port of the service']] satisfies Issue[])
      : []),
    ...nameIssues(record),
    ...fieldIssues(record),
  ];
};

export const record = shape.superRefine((one, context) => {
  for (const [path, message] of issuesOf(one)) context.addIssue({ code: 'custom', path: [path], message });
});
