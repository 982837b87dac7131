/** What the sections of service users and administrators share: an account, its keys, its right to sudo. */
import { z } from 'zod';
import authorizedKeys from '../resources/authorized-keys/index.ts';
import proxmoxAcl from '../resources/proxmox-acl/index.ts';
import sudoRule from '../resources/sudo-rule/index.ts';
import unixUser from '../resources/unix-user/index.ts';
import { said, type Entry } from './step.ts';

const keys = authorizedKeys.desired.shape;
const rule = sudoRule.desired.shape.rules.unwrap().element.shape;

export const userSchema = z.strictObject({
  ...unixUser.desired.shape,
  sshKeys: keys.keys.optional().meta({ description: 'public keys, as lines of authorized_keys' }),
  sshKeysMode: keys.mode.meta({ description: 'added leaves other keys alone; exact removes them' }),
  sudo: z
    .union([z.boolean(), z.strictObject({ nopasswd: rule.nopasswd, commands: rule.commands })])
    .optional()
    .meta({
      description:
        'true: all commands, with the password; false: the rule that phoenix made is removed; or a rule',
    }),
  proxmoxRole: proxmoxAcl.desired.shape.role.meta({
    description:
      'the one role that the user has on everything in Proxmox VE, as NAME@pam; taken away with the user',
  }),
});
type User = z.output<typeof userSchema>;

const sudoEntry = (name: string, sudo: NonNullable<User['sudo']>): Record<string, unknown> =>
  sudo === false
    ? { name, ensure: 'absent' }
    : { name, rules: [{ user: name, ...(sudo === true ? {} : sudo) }] };

/** The account of Proxmox VE is of the realm pam: its password is that of the host. */
const proxmoxEntries = (name: string, ensure: User['ensure'], role: string, index: number): Entry[] => {
  const user = `${name}@pam`;
  const at = [index, 'proxmoxRole'];
  // with the user its permissions go too
  if (ensure === 'absent') return [{ kind: 'ProxmoxUser', desired: { user, ensure }, at }];
  return [
    { kind: 'ProxmoxUser', desired: { user }, at },
    { kind: 'ProxmoxAcl', desired: { path: '/', user, role }, at },
  ];
};

/** The resources of one user, in the order in which they are made. Groups that are missing are made too. */
export const userEntries = (user: User, index: number): Entry[] => {
  const { sshKeys, sshKeysMode, sudo, proxmoxRole, ...account } = user;
  const groups = [...(account.primaryGroup === undefined ? [] : [account.primaryGroup]), ...account.groups];
  const entries: Entry[] = [
    ...groups.map((name) => ({
      kind: 'UnixGroup',
      desired: { name },
      at: [index, 'groups'],
      inPassing: true,
    })),
    { kind: 'UnixUser', desired: said(account), at: [index] },
  ];
  if (sshKeys !== undefined)
    entries.push({
      kind: 'AuthorizedKeys',
      desired: { user: user.name, keys: sshKeys, mode: sshKeysMode },
      at: [index, 'sshKeys'],
    });
  if (sudo !== undefined)
    entries.push({ kind: 'SudoRule', desired: sudoEntry(user.name, sudo), at: [index, 'sudo'] });
  if (proxmoxRole !== undefined) entries.push(...proxmoxEntries(user.name, user.ensure, proxmoxRole, index));
  return entries;
};
