import { z } from 'zod';

const accountName = z
  .string()
  .regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'expected a name of a-z, 0-9, `_` and `-`, at most 32 characters');

/** ALL, a path with or without arguments, or a path to edit. Aliases and `!` are left out: they are easy to get around. */
const command = z
  .string()
  .regex(
    /^(?:ALL|(?:sudoedit )?\/[^\0-\x20\x7f]*(?: [^\0-\x20\x7f]+)*)$/,
    'expected ALL, or an absolute path and its arguments with single blanks between them',
  )
  .refine((text) => !/ \^/.test(text), 'regular expressions are not supported: list the arguments');

const rule = z
  .strictObject({
    user: accountName.optional().meta({ description: 'who: a user; either this or `group`' }),
    group: accountName.optional().meta({ description: 'who: the members of a group' }),
    host: z
      .string()
      .regex(/^(?:ALL|[A-Za-z0-9][A-Za-z0-9.-]*)$/, 'expected ALL or a host name')
      .default('ALL')
      .meta({ description: 'on which host' }),
    runAs: z
      .string()
      .regex(
        /^(?=.)(?:ALL|[a-z_][a-z0-9_-]*)?(?::(?:ALL|[a-z_][a-z0-9_-]*))?$/,
        'expected USER, USER:GROUP or :GROUP',
      )
      .default('ALL:ALL')
      .meta({ description: 'as whom: USER, USER:GROUP or :GROUP' }),
    nopasswd: z.boolean().default(false).meta({ description: 'do not ask for the password' }),
    commands: z.array(command).min(1).default(['ALL']).meta({
      description:
        'what: ALL, or absolute paths with arguments, written as they are matched (wildcards count; `""` allows no argument)',
    }),
  })
  .refine(
    (one) => (one.user === undefined) !== (one.group === undefined),
    'expected either `user` or `group`',
  );
export type Rule = z.output<typeof rule>;

export const desired = z
  .strictObject({
    name: z
      .string()
      // sudo skips files with a dot in their name, or a `~` at its end (sudoers(5), @includedir)
      .regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,127}$/, 'expected a name of letters, digits, `_` and `-`')
      .meta({ description: 'name of the file below /etc/sudoers.d' }),
    rules: z.array(rule).default([]).meta({ description: 'who may run what as whom; later rules win' }),
    ensure: z.enum(['present', 'absent']).default('present').meta({ description: 'absent removes the file' }),
  })
  .refine((one) => one.ensure === 'absent' || one.rules.length > 0, {
    path: ['rules'],
    error: 'expected at least one rule; `ensure: absent` removes the file',
  });
export type Desired = z.output<typeof desired>;

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('write'), name: z.string(), text: z.string() }),
  z.strictObject({
    op: z.literal('set-meta'),
    name: z.string(),
    mode: z.string(),
    uid: z.int(),
    gid: z.int(),
  }),
  z.strictObject({ op: z.literal('remove'), name: z.string() }),
]);
export type RuleOp = z.output<typeof ops>;

export const pathOf = (name: string): string => `/etc/sudoers.d/${name}`;
