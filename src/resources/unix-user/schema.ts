import { z } from 'zod';
import { absolutePath } from '../../facts/paths.ts';
import { secretRef } from '../../host/secret-ref.ts';

const accountName = z
  .string()
  .regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'expected a name of a-z, 0-9, `_` and `-`, at most 32 characters');

/** A field of passwd(5) cannot hold its separator. */
const pathField = absolutePath.refine((path) => !path.includes(':'), 'expected a path without a colon');

const day = z.iso
  .date('expected `never` or a day as YYYY-MM-DD')
  .refine((date) => date > '1970-01-01', 'the first days of 1970 have no certain meaning in shadow(5)');

export const desired = z
  .strictObject({
    name: accountName.meta({ description: 'login name' }),
    uid: z.int().min(0).max(4294967294).optional().meta({
      description: 'its number; a free one if left out. Never changed on a user that exists',
    }),
    primaryGroup: accountName.optional().meta({
      description: 'name of the primary group; a group of its own, with the name of the user, if left out',
    }),
    groups: z.array(accountName).default([]).meta({ description: 'supplementary groups' }),
    groupsMode: z.enum(['added', 'exact']).default('added').meta({
      description: 'added leaves other memberships alone; exact takes the user out of every group not listed',
    }),
    shell: pathField.optional().meta({ description: 'login shell; it must exist and be executable' }),
    home: pathField.optional().meta({
      description: 'home directory; what is in the old one is never moved. /home/NAME if left out',
    }),
    createHome: z.boolean().optional().meta({
      description: 'make the home directory when it is missing; the default is yes, except for system users',
    }),
    homeMode: z
      .string()
      .regex(/^0?[0-7]{3,4}$/, "expected a quoted octal mode such as '0750'")
      .optional()
      .meta({ description: "permissions of the home directory, '0750'; left as they are if left out" }),
    system: z.boolean().default(false).meta({
      description: 'take numbers from the system range and make no home; matters only on creation',
    }),
    comment: z
      .string()
      .regex(/^[^:\0-\x1f\x7f]*$/, 'expected one line without colons')
      .optional()
      .meta({ description: 'full name or purpose (the GECOS field)' }),
    passwordHash: secretRef.optional().meta({
      description:
        'where the crypt(5) hash of the password is, as `mkpasswd` prints it; `!` or `*` there mean no password',
    }),
    locked: z.boolean().optional().meta({
      description: 'whether the password is locked; SSH keys still work, see `expires` and `shell`',
    }),
    expires: z
      .union([z.literal('never'), day])
      .optional()
      .meta({
        description: 'the day from which nobody may log in as this user, as YYYY-MM-DD, or never',
      }),
    ensure: z.enum(['present', 'absent']).default('present').meta({
      description: 'absent removes the user; the home stays, unless `removeHome`',
    }),
    removeHome: z.boolean().default(false).meta({
      description: 'with `ensure: absent`: also delete the home directory and the mail spool',
    }),
  })
  .refine((user) => user.name !== 'root' || user.ensure === 'present', {
    path: ['ensure'],
    error: 'root cannot be removed',
  })
  .refine((user) => user.name !== 'root' || (!user.locked && (user.expires ?? 'never') === 'never'), {
    path: ['locked'],
    error: 'root is never locked and never expires, so that the host stays within reach',
  })
  .refine((user) => !user.removeHome || user.ensure === 'absent', {
    path: ['removeHome'],
    error: 'removeHome has a meaning only with `ensure: absent`',
  });
export type Desired = z.output<typeof desired>;

const fields = {
  primaryGroup: z.string().optional(),
  shell: z.string().optional(),
  home: z.string().optional(),
  comment: z.string().optional(),
  expires: z.string().optional(),
};
const groups = z.array(z.string());

export const ops = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('create'),
    name: z.string(),
    ...fields,
    uid: z.int().optional(),
    groups,
    createHome: z.boolean(),
    homeMode: z.string().optional(),
    system: z.boolean(),
  }),
  /** Only the fields that change. */
  z.strictObject({ op: z.literal('modify'), name: z.string(), ...fields }),
  z.strictObject({ op: z.literal('join'), name: z.string(), groups }),
  z.strictObject({ op: z.literal('leave'), name: z.string(), groups }),
  z.strictObject({
    op: z.literal('set-password'),
    name: z.string(),
    hash: secretRef,
    locked: z.boolean(),
  }),
  z.strictObject({ op: z.literal('lock'), name: z.string() }),
  z.strictObject({ op: z.literal('unlock'), name: z.string() }),
  z.strictObject({ op: z.literal('make-home'), name: z.string(), path: z.string(), mode: z.string() }),
  z.strictObject({ op: z.literal('home-mode'), path: z.string(), mode: z.string() }),
  z.strictObject({ op: z.literal('remove'), name: z.string(), removeHome: z.boolean() }),
]);
export type UserOp = z.output<typeof ops>;
export type OpNamed<Name extends UserOp['op']> = Extract<UserOp, { op: Name }>;
