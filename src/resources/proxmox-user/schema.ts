import { z } from 'zod';
import { groupId, userId } from '../../facts/proxmox.ts';

/** pveum(1) takes each as one argument. */
const line = z
  .string()
  .regex(/^(?:[^-\0-\x1f\x7f][^\0-\x1f\x7f]*)?$/, 'expected one line, without a dash in front')
  .max(1024);

const day = z.iso
  .date('expected `never` or a day as YYYY-MM-DD')
  .refine((date) => date > '1970-01-01', 'expected a day after 1970-01-01');

export const desired = z
  .strictObject({
    user: userId.meta({ description: 'name and realm: alice@pam has the password of the account alice' }),
    enabled: z.boolean().default(true).meta({ description: 'may log in' }),
    expires: z
      .union([z.literal('never'), day])
      .optional()
      .meta({ description: 'day from which nobody may log in as this user, as YYYY-MM-DD, or never' }),
    groups: z.array(groupId).default([]).meta({ description: 'groups of Proxmox VE, which must exist' }),
    groupsMode: z.enum(['added', 'exact']).default('added').meta({
      description: 'added leaves other memberships alone; exact takes the user out of every group not listed',
    }),
    firstname: line.optional().meta({ description: 'first name' }),
    lastname: line.optional().meta({ description: 'last name' }),
    email: z
      .union([z.literal(''), z.email('expected an address such as alice@example.org')])
      .optional()
      .meta({ description: 'where notifications go; empty for none' }),
    comment: line.optional().meta({ description: 'one line' }),
    ensure: z.enum(['present', 'absent']).default('present').meta({
      description:
        'absent removes the user, its permissions, tokens and second factors; never the account of the host',
    }),
  })
  .refine(({ user }) => user !== 'root@pam', {
    path: ['user'],
    error:
      'root@pam is always there and always Administrator; it is not managed, so that the host stays within reach',
  });
export type Desired = z.output<typeof desired>;

const user = z.string();
const fields = {
  enable: z.boolean().optional(),
  /** Seconds since 1970; 0 is never. */
  expire: z.int().min(0).optional(),
  firstname: z.string().optional(),
  lastname: z.string().optional(),
  email: z.string().optional(),
  comment: z.string().optional(),
};
const groups = z.array(z.string());

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('add'), user, ...fields, groups }),
  /** Only the fields that change. */
  z.strictObject({ op: z.literal('modify'), user, ...fields }),
  z.strictObject({ op: z.literal('join'), user, groups }),
  /** All groups; the user leaves every other one. */
  z.strictObject({ op: z.literal('set-groups'), user, groups }),
  z.strictObject({ op: z.literal('remove'), user }),
]);
export type UserOp = z.output<typeof ops>;

export interface Fields {
  readonly enable?: boolean;
  readonly expire?: number;
  readonly firstname?: string;
  readonly lastname?: string;
  readonly email?: string;
  readonly comment?: string;
}
