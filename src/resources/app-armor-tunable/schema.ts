import { z } from 'zod';
import { DROP_INS } from '../../facts/apparmor/drop-ins.ts';

const variable = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'expected the name of a variable without `@{}`, such as HOMEDIRS');

/** It stands between quotes. */
const value = z
  .string()
  .regex(/^[^"\\\0-\x1f\x7f]+$/, 'expected a value without quotes, backslashes and control characters');

const path = z
  .string()
  .regex(/^\/[^"\\\0-\x1f\x7f]*$/, 'expected an absolute path without quotes and backslashes');

const variables = z.record(variable, z.array(value).min(1));

export const desired = z
  .strictObject({
    name: z
      .enum(DROP_INS)
      .meta({ description: 'the packaged tunable that it adds to: its folder NAME.d gets a file of ours' }),
    append: variables
      .default({})
      .meta({ description: 'variables that are declared elsewhere, and the values they get besides' }),
    define: variables
      .default({})
      .meta({ description: 'variables that nobody else declares, and their values' }),
    aliases: z
      .array(
        z.strictObject({
          from: path.meta({ description: 'a path as profiles name it' }),
          to: path.meta({ description: 'where it is as well' }),
        }),
      )
      .default([])
      .meta({ description: 'paths that are also elsewhere: every rule about the one holds for the other' }),
    ensure: z
      .enum(['present', 'absent'])
      .default('present')
      .meta({ description: 'absent removes our file, and parses the profiles that used it again' }),
  })
  .refine(
    (one) =>
      one.ensure === 'absent' ||
      Object.keys(one.append).length + Object.keys(one.define).length + one.aliases.length > 0,
    { error: 'expected something to add: `append`, `define` or `aliases`' },
  )
  .refine((one) => Object.keys(one.define).every((name) => !(name in one.append)), {
    path: ['define'],
    error: 'expected each variable only once: in `append` or in `define`',
  });

const target = { name: z.enum(DROP_INS) };
/** Names of files in /etc/apparmor.d. */
const files = z.array(z.string().regex(/^[^/\0\n]+$/));

export const ops = z.discriminatedUnion('op', [
  /** `files`: what is tried with the candidate. */
  z.strictObject({ op: z.literal('write'), ...target, content: z.string(), files }),
  z.strictObject({ op: z.literal('remove'), ...target, files }),
  z.strictObject({
    op: z.literal('restore'),
    ...target,
    sha256: z.string(),
    mode: z.int(),
    uid: z.int(),
    gid: z.int(),
    files,
  }),
  z.strictObject({ op: z.literal('reparse'), files }),
]);

export type Desired = z.output<typeof desired>;
export type TunableOp = z.output<typeof ops>;
export type DropIn = Desired['name'];
