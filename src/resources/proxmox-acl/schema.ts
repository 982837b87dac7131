import { z } from 'zod';
import { groupId, roleId, userId } from '../../facts/proxmox.ts';

const NAME = '[A-Za-z0-9._-]+';
/** What permissions can be given on (proxmox/pve-access-control, src/PVE/AccessControl.pm, check_path). */
const PATHS = [
  '/',
  '/access',
  `/access/(?:groups|realm)(?:/${NAME})?`,
  `/(?:nodes|pool|storage)(?:/${NAME})?`,
  `/pool/${NAME}/${NAME}(?:/${NAME})?`,
  `/sdn(?:/(?:zones|fabrics)(?:/${NAME}){0,2}|/zones/${NAME}/${NAME}/[1-9][0-9]{0,3})?`,
  '/vms(?:/[1-9][0-9]{2,})?',
  `/mapping(?:/${NAME}){0,2}`,
];

export const desired = z
  .strictObject({
    path: z
      .string()
      .regex(
        new RegExp(`^(?:${PATHS.join('|')})$`),
        'expected what permissions are given on, such as /, /vms/100, /storage/ID, /nodes/NAME or /pool/NAME',
      )
      .meta({ description: 'what the permission is on; / is everything' }),
    user: userId.optional().meta({ description: 'who: a user; one of `user`, `group` and `token`' }),
    group: groupId.optional().meta({ description: 'who: a group of Proxmox VE' }),
    token: z
      .string()
      .regex(
        /^[A-Za-z0-9_.][^\s:/,@]*@[A-Za-z][A-Za-z0-9._-]+![A-Za-z][A-Za-z0-9._-]*$/,
        'expected NAME@REALM!TOKEN',
      )
      .optional()
      .meta({ description: 'who: an API token' }),
    role: roleId
      .optional()
      .meta({ description: 'the one role that it has there; others are revoked. Required unless absent' }),
    propagate: z.boolean().default(true).meta({ description: 'also on everything below the path' }),
    ensure: z
      .enum(['present', 'absent'])
      .default('present')
      .meta({ description: 'absent revokes every role that it has on this path' }),
  })
  .refine(({ user, group, token }) => [user, group, token].filter((one) => one !== undefined).length === 1, {
    error: 'expected one of `user`, `group` and `token`',
  })
  .refine(({ user }) => user !== 'root@pam', {
    path: ['user'],
    error: 'root@pam is always Administrator of everything; Proxmox VE keeps no permission of it',
  })
  .refine(({ role, ensure }) => (ensure === 'present') === (role !== undefined), {
    path: ['role'],
    error: 'expected a `role`; with `ensure: absent`, none, because every role there is revoked',
  });
export type Desired = z.output<typeof desired>;

export type SubjectType = 'user' | 'group' | 'token';

export interface Subject {
  readonly type: SubjectType;
  readonly name: string;
}

export const subjectOf = ({ user, group, token }: Pick<Desired, 'user' | 'group' | 'token'>): Subject => {
  if (user !== undefined) return { type: 'user', name: user };
  return group === undefined ? { type: 'token', name: token ?? '' } : { type: 'group', name: group };
};

/** As in user.cfg: groups have an `@` in front. */
export const showSubject = ({ type, name }: Subject): string => (type === 'group' ? `@${name}` : name);

const where = { path: z.string(), type: z.enum(['user', 'group', 'token']), subject: z.string() };

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('grant'), ...where, role: z.string(), propagate: z.boolean() }),
  z.strictObject({ op: z.literal('revoke'), ...where, role: z.string() }),
]);
export type AclOp = z.output<typeof ops>;
