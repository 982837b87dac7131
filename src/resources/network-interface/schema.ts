import { z } from 'zod';
import { fields, type Fields } from './fields.ts';
import { RULES } from './rules.ts';
import { interfaceName } from './words.ts';

/** Of one that is to go nothing else counts. */
export const desired = RULES.reduce<typeof fields>(
  (schema, [field, holds, error]) =>
    schema.refine((want) => want.ensure === 'absent' || holds(want), { path: [field], error }),
  fields,
);
export type Desired = Fields;

const setting = z.strictObject({
  key: z.string(),
  values: z.array(z.string()),
  /** Right as well if the file does not say it. */
  implied: z.literal(true).optional(),
});

const method = z.enum(['static', 'dhcp', 'manual']);
const family = z.strictObject({
  method,
  addresses: z.array(z.string()),
  gateway: z.string().optional(),
});

/** How the file is to define an interface. A setting without values is not to be there. */
export const wanted = z.strictObject({
  name: interfaceName,
  auto: z.boolean(),
  inet: family,
  inet6: family,
  settings: z.array(setting),
});
export type Wanted = z.output<typeof wanted>;
export type WantedFamily = z.output<typeof family>;
export type Setting = z.output<typeof setting>;

/** How it is brought into effect: all at once, this one alone because it is new, or by nobody yet. */
const how = z.enum(['reload', 'up', 'later']);
export type How = z.output<typeof how>;

/** A link as it was, as far as phoenix changes it. */
const was = z.strictObject({
  kind: z.string().optional(),
  up: z.boolean(),
  mtu: z.int(),
  addresses: z.array(z.string()),
  ports: z.array(z.string()),
  gateways: z.array(z.string()),
});
export type Was = z.output<typeof was>;

const file = z.strictObject({ sha256: z.string(), mode: z.int(), uid: z.int(), gid: z.int() });

export const ops = z.discriminatedUnion('op', [
  /** Writes the lines of one interface, where they differ, and brings them into effect. */
  z.strictObject({ op: z.literal('put'), wanted, how }),
  /** Takes them out, and the interface down; a virtual one is removed. */
  z.strictObject({ op: z.literal('remove'), name: interfaceName, how }),
  /** The file as a whole, by its hash, and the interface as it was; null where there was none. */
  z.strictObject({
    op: z.literal('restore'),
    name: interfaceName,
    file: file.nullable(),
    link: was.nullable(),
  }),
  /** Brings the file into effect, unless this run has. */
  z.strictObject({ op: z.literal('reload') }),
]);
export type InterfaceOp = z.output<typeof ops>;
