import { z } from 'zod';
import type { Action, Finding } from '../../engine/action.ts';
import { absent, present, type Reading } from '../../engine/reading.ts';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import { group, passwd, type PasswdEntry } from '../../facts/accounts.ts';

const desired = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'expected a group name: a-z, 0-9, `_` and `-`, at most 32 characters')
    .meta({ description: 'name of the group' }),
  gid: z.int().min(0).max(4294967294).optional().meta({ description: 'its number; a free one if left out' }),
  system: z.boolean().default(false).meta({
    description: 'take a free number from the system range; matters only while the group is created',
  }),
  ensure: z.enum(['present', 'absent']).default('present').meta({
    description: 'absent removes the group, unless it is the primary group of a user',
  }),
});

const ops = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('create'),
    name: z.string(),
    gid: z.int().optional(),
    system: z.boolean(),
  }),
  z.strictObject({ op: z.literal('remove'), name: z.string() }),
]);

type Desired = z.output<typeof desired>;
type GroupOp = z.output<typeof ops>;
interface Actual {
  readonly gid: number;
  readonly members: readonly string[];
  /** Users whose primary group it is. */
  readonly primaryOf: readonly string[];
}

const create = (want: Desired): Action<GroupOp> => ({
  does: {
    op: 'create',
    name: want.name,
    ...(want.gid === undefined ? {} : { gid: want.gid }),
    system: want.system,
  },
  description: `create group ${want.name}${want.gid === undefined ? '' : ` (gid ${want.gid})`}`,
  risk: 'safe',
  changes: [{ path: 'gid', from: null, to: want.gid ?? 'the next free' }],
  undo: { by: { op: 'remove', name: want.name } },
});

const remove = (want: Desired, found: Actual): Finding<GroupOp> => {
  const changes = [{ path: 'gid', from: found.gid, to: null }];
  if (found.primaryOf.length > 0)
    return {
      refuses: `group ${want.name} is the primary group of ${found.primaryOf.join(', ')}; remove these users or give them another primary group first`,
      changes,
    };
  if (want.name === 'sudo' && found.members.length > 0)
    return {
      refuses: `group sudo is how ${found.members.join(', ')} may become root; take them out of it first`,
      changes,
    };
  const members = found.members.join(', ');
  return {
    does: { op: 'remove', name: want.name },
    description: `remove group ${want.name} (gid ${found.gid}${members && `, members ${members}`})`,
    risk: 'disruptive',
    changes: members ? [...changes, { path: 'members', from: found.members, to: null }] : changes,
    undo: members
      ? { none: `its members are not put back: ${members}` }
      : { by: { op: 'create', name: want.name, gid: found.gid, system: false } },
  };
};

const refuseGid = (want: Desired, gid: number, found: Actual): Finding<GroupOp> => ({
  refuses:
    `group ${want.name} has gid ${found.gid}, and files that belong to it would keep that number; ` +
    `declare gid ${found.gid}, or run \`groupmod -g ${gid} ${want.name}\` and hand over its files (find / -xdev -gid ${found.gid})`,
  changes: [{ path: 'gid', from: found.gid, to: gid }],
});

const primaryUsers = (users: Iterable<PasswdEntry>): ReadonlyMap<number, readonly string[]> => {
  const byGid = new Map<number, string[]>();
  for (const user of users) {
    const names = byGid.get(user.gid);
    if (names) names.push(user.name);
    else byGid.set(user.gid, [user.name]);
  }
  return byGid;
};

export default defineResource({
  kind: 'UnixGroup',
  summary:
    'A local group. Its members are declared on the users (UnixUser, `groups`), never here. The number of a group that exists is never changed, because its files would keep the old one.',
  desired,
  ops,
  examples: [
    { name: 'media', gid: 2000 },
    { name: 'backup-agents', system: true },
    { name: 'old-team', ensure: 'absent' },
  ],

  key: (want) => want.name,
  // a user's own group goes with its user, or after it
  requires: (want) => (want.ensure === 'absent' ? [refOf('UnixUser', want.name)] : []),

  async read(host, all) {
    const groups = await host.fact(group);
    const primaryOf = primaryUsers((await host.fact(passwd)).values());
    return new Map<string, Reading<Actual>>(
      all.map(({ name }) => {
        const found = groups.get(name);
        if (found === undefined) return [name, absent];
        const { gid, members } = found;
        return [name, present({ gid, members, primaryOf: (primaryOf.get(gid) ?? []).toSorted() })];
      }),
    );
  },

  diff(want, actual) {
    const found = actual.is === 'present' ? actual.value : undefined;
    if (want.ensure === 'absent') return found === undefined ? [] : [remove(want, found)];
    if (found === undefined) return [create(want)];
    return want.gid === undefined || want.gid === found.gid ? [] : [refuseGid(want, want.gid, found)];
  },

  async converge(op, host) {
    switch (op.op) {
      case 'create': {
        const gid = op.gid === undefined ? [] : ['-g', String(op.gid)];
        const args = [...(op.system ? ['-r'] : []), ...gid, '--', op.name];
        await host.run({ program: 'groupadd', args });
        return;
      }
      case 'remove':
        await host.run({ program: 'groupdel', args: ['--', op.name] });
        return;
    }
  },

  async list(host) {
    const users = await host.fact(passwd);
    return [...(await host.fact(group)).values()]
      .filter(({ name, gid }) => gid >= 1000 && gid < 60000 && users.get(name)?.gid !== gid)
      .toSorted((a, b) => a.gid - b.gid)
      .map(({ name, gid }) => ({ name, gid }));
  },
});
