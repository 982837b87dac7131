/** Users, roles and permissions of Proxmox VE, as pveum(1) prints them: one process each, shared by all kinds. */
import { z } from 'zod';
import type { CommandFact } from '../host/host.ts';
import { parseRows } from './proxmox.ts';

const command = (...args: string[]) => ({
  program: 'pveum',
  args: [...args, '--output-format', 'json'],
  maxOutput: 16 * 1024 * 1024,
});

/** Perl prints numbers as strings where it has used them so. */
const number = z.union([z.number(), z.string().regex(/^\d*$/)]).transform(Number);
const text = z.string().nullish();

const userRow = z.looseObject({
  userid: z.string(),
  enable: number.optional(),
  expire: number.optional(),
  firstname: text,
  lastname: text,
  email: text,
  comment: text,
  groups: text,
});

export interface PveUser {
  readonly id: string;
  readonly enabled: boolean;
  /** Seconds since 1970; 0 is never. */
  readonly expires: number;
  readonly firstname: string;
  readonly lastname: string;
  readonly email: string;
  readonly comment: string;
  readonly groups: readonly string[];
}

const userOf = (row: z.output<typeof userRow>): PveUser => ({
  id: row.userid,
  enabled: (row.enable ?? 0) !== 0,
  expires: row.expire ?? 0,
  firstname: row.firstname ?? '',
  lastname: row.lastname ?? '',
  email: row.email ?? '',
  comment: row.comment ?? '',
  groups: (row.groups ?? '')
    .split(',')
    .filter((name) => name !== '')
    .sort(),
});

/** By their names. Undefined where there is no Proxmox VE. */
export const pveUsers: CommandFact<ReadonlyMap<string, PveUser> | undefined> = {
  name: 'pveum user list',
  // the groups come only with the full answer
  command: command('user', 'list', '--full', '1'),
  absent: undefined,
  parse: (stdout) =>
    new Map(parseRows('pveum user list', userRow, stdout).map((row) => [row.userid, userOf(row)])),
};

const aclRow = z.looseObject({
  path: z.string(),
  type: z.enum(['user', 'group', 'token']),
  ugid: z.string(),
  roleid: z.string(),
  propagate: number.optional(),
});

export interface PvePermission {
  readonly path: string;
  readonly type: 'user' | 'group' | 'token';
  readonly subject: string;
  readonly role: string;
  readonly propagate: boolean;
}

export const pvePermissions: CommandFact<readonly PvePermission[] | undefined> = {
  name: 'pveum acl list',
  command: command('acl', 'list'),
  absent: undefined,
  parse: (stdout) =>
    parseRows('pveum acl list', aclRow, stdout).map(({ path, type, ugid, roleid, propagate }) => ({
      path,
      type,
      subject: ugid,
      role: roleid,
      propagate: (propagate ?? 1) !== 0,
    })),
};

const roleRow = z.looseObject({ roleid: z.string(), privs: text });

/** Each role with its privileges. */
export const pveRoles: CommandFact<ReadonlyMap<string, readonly string[]> | undefined> = {
  name: 'pveum role list',
  command: command('role', 'list'),
  absent: undefined,
  parse: (stdout) =>
    new Map(
      parseRows('pveum role list', roleRow, stdout).map(({ roleid, privs }) => [
        roleid,
        (privs ?? '').split(',').filter((name) => name !== ''),
      ]),
    ),
};
