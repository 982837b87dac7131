import type { Action, Change, Finding, Refusal } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { diffAccount } from './diff-account.ts';
import { diffGroups, ROOT_BY_MEMBERSHIP } from './diff-groups.ts';
import { diffHome } from './diff-home.ts';
import { diffPassword } from './diff-password.ts';
import type { Actual } from './facts.ts';
import type { Desired, OpNamed, UserOp } from './schema.ts';

/** Without the fields that are not declared: a plan is JSON. */
const declared = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

const createOp = (want: Desired): OpNamed<'create'> =>
  declared({
    op: 'create',
    name: want.name,
    uid: want.uid,
    primaryGroup: want.primaryGroup,
    groups: want.groups,
    shell: want.shell,
    home: want.home,
    createHome: want.createHome ?? !want.system,
    homeMode: want.homeMode,
    system: want.system,
    comment: want.comment,
    expires: want.expires === 'never' ? undefined : want.expires,
  });

const CREATED = ['uid', 'primaryGroup', 'shell', 'home', 'comment', 'expires'] as const;

const create = (want: Desired): Action<UserOp> => {
  const does = createOp(want);
  const changes: Change[] = CREATED.filter((path) => does[path] !== undefined).map((path) => ({
    path,
    from: null,
    to: does[path],
  }));
  if (want.groups.length > 0) changes.push({ path: 'groups', from: null, to: want.groups });
  return {
    does,
    description: `create user ${want.name}${want.uid === undefined ? '' : ` (uid ${want.uid})`}`,
    risk: want.groups.some((name) => ROOT_BY_MEMBERSHIP.has(name)) ? 'disruptive' : 'safe',
    changes: [{ path: 'name', from: null, to: want.name }, ...changes],
    undo: { by: { op: 'remove', name: want.name, removeHome: false } },
  };
};

/** A user that `useradd` has just made: no password, locked by `!`. */
const NEW_PASSWORD = {
  password: 'differs',
  declaresNoPassword: false,
  locked: true,
  hasPassword: false,
} as const;

const creation = (want: Desired): readonly Finding<UserOp>[] => [
  create(want),
  ...diffPassword(want, {
    ...NEW_PASSWORD,
    password: want.passwordHash === undefined ? 'undeclared' : 'differs',
  }),
];

const removal = (want: Desired, found: Actual): Finding<UserOp> => {
  const changes = [{ path: 'uid', from: found.uid, to: null }];
  if (found.lastInSudo)
    return {
      refuses: `${want.name} is the last member of group sudo; add somebody else to it first`,
      changes,
    };
  const home = found.homeDirectory;
  if (want.removeHome && home !== null && home.uid !== found.uid)
    return {
      refuses: `the home of ${want.name}, ${found.home}, belongs to uid ${home.uid}, so it is not deleted with the user; set \`removeHome: false\``,
      changes,
    };
  return {
    does: { op: 'remove', name: want.name, removeHome: want.removeHome },
    description: `remove user ${want.name} (uid ${found.uid}), ${want.removeHome ? 'with' : 'but keep'} the home ${found.home}`,
    risk: 'destructive',
    changes: want.removeHome ? [...changes, { path: 'home', from: found.home, to: null }] : changes,
    undo: { none: 'the password and what belongs to the number of the user cannot be brought back' },
  };
};

const refuseUid = (want: Desired, found: Actual): readonly Refusal[] =>
  want.uid === undefined || want.uid === found.uid
    ? []
    : [
        {
          refuses:
            `user ${want.name} has uid ${found.uid}, and its files and processes would keep that number; declare uid ${found.uid}, ` +
            `or end its processes, run \`usermod -u ${want.uid} ${want.name}\` and hand over its files (find / -xdev -uid ${found.uid})`,
          changes: [{ path: 'uid', from: found.uid, to: want.uid }],
        },
      ];

export const diff = (want: Desired, actual: Known<Actual>): readonly Finding<UserOp>[] => {
  const found = actual.is === 'present' ? actual.value : undefined;
  if (want.ensure === 'absent') return found === undefined ? [] : [removal(want, found)];
  if (found === undefined) return creation(want);
  return [
    ...refuseUid(want, found),
    ...diffAccount(want, found),
    ...diffGroups(want, found),
    ...diffHome(want, found),
    ...diffPassword(want, found),
  ];
};
