import { z } from 'zod';
import { secretRef } from '../../host/secret-ref.ts';

export const desired = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'expected a name of a-z, 0-9, `_` and `-`, at most 32 characters')
    .meta({ description: 'the Unix user whose account for Samba this is' }),
  password: secretRef.optional().meta({
    description: 'where the password is, in clear; left alone if left out, but a new account needs one',
  }),
  disabled: z.boolean().default(false).meta({ description: 'whether the account cannot be used for now' }),
  ensure: z.enum(['present', 'absent']).default('present').meta({
    description: 'absent removes the account; the Unix user stays',
  }),
});
export type Desired = z.output<typeof desired>;

const name = z.string().regex(/^(?!-)/);

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('create'), name, password: secretRef, disabled: z.boolean() }),
  /** `disabled`: how the account is afterwards; smbpasswd enables it with a new password. */
  z.strictObject({ op: z.literal('set-password'), name, password: secretRef, disabled: z.boolean() }),
  z.strictObject({ op: z.literal('disable'), name }),
  z.strictObject({ op: z.literal('enable'), name }),
  z.strictObject({ op: z.literal('remove'), name }),
]);
export type UserOp = z.output<typeof ops>;
