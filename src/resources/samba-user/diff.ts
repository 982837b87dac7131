import type { Action, Finding, Refusal } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import type { Actual } from './facts.ts';
import type { Desired, UserOp } from './schema.ts';

const SECRET = { path: 'password', from: null, to: null, as: 'secret' } as const;

const refuseWithoutPassword = ({ name }: Desired): Refusal => ({
  refuses: `${name} has no account in Samba, and a new one needs a password; declare \`password\``,
  changes: [{ path: 'name', from: null, to: name }],
});

const refuseWithoutUser = ({ name }: Desired): Refusal => ({
  refuses:
    `there is no user ${name} on this host any more, so the account of Samba cannot be used; ` +
    `declare UnixUser[${name}], or the account with \`ensure: absent\``,
  changes: [{ path: 'name', from: 'without a Unix user', to: name }],
});

const create = (
  want: Desired,
  password: NonNullable<Desired['password']>,
  hasUser: boolean,
): Action<UserOp> => ({
  does: { op: 'create', name: want.name, password, disabled: want.disabled },
  description:
    `create the Samba account of ${want.name}${want.disabled ? ', disabled' : ''}` +
    (hasUser ? '' : `, once UnixUser[${want.name}] is there`),
  risk: 'safe',
  changes: [
    { path: 'name', from: null, to: want.name },
    SECRET,
    ...(want.disabled ? [{ path: 'disabled', from: null, to: true }] : []),
  ],
  undo: { by: { op: 'remove', name: want.name } },
});

const disabling = (want: Desired, found: Actual) =>
  want.disabled === found.disabled ? [] : [{ path: 'disabled', from: found.disabled, to: want.disabled }];

const setPassword = (
  want: Desired,
  password: NonNullable<Desired['password']>,
  found: Actual,
): Action<UserOp> => ({
  does: { op: 'set-password', name: want.name, password, disabled: want.disabled },
  description: `set the Samba password of ${want.name}${want.disabled ? ', disabled' : ''}`,
  risk: 'disruptive',
  changes: [SECRET, ...disabling(want, found)],
  undo: { none: 'the old password is not known, and its hash is a secret that no plan or journal may hold' },
});

const setDisabled = (want: Desired, found: Actual): Action<UserOp> => ({
  does: { op: want.disabled ? 'disable' : 'enable', name: want.name },
  description: `${want.disabled ? 'disable' : 'enable'} the Samba account of ${want.name}`,
  risk: 'disruptive',
  changes: disabling(want, found),
  undo: { by: { op: want.disabled ? 'enable' : 'disable', name: want.name } },
});

const remove = ({ name }: Desired): Action<UserOp> => ({
  does: { op: 'remove', name },
  description: `remove the Samba account of ${name}; the Unix user stays`,
  risk: 'destructive',
  changes: [{ path: 'name', from: name, to: null }],
  undo: { none: 'the password, and the SID that Windows ACLs may name, cannot be brought back' },
});

const diffExisting = (want: Desired, found: Actual): Finding<UserOp>[] => {
  if (!found.hasUnixUser) return [refuseWithoutUser(want)];
  if (want.password !== undefined && found.password === 'differs')
    return [setPassword(want, want.password, found)];
  return want.disabled === found.disabled ? [] : [setDisabled(want, found)];
};

const NOBODY: Actual = { exists: false, disabled: false, password: 'undeclared', hasUnixUser: false };

export const diff = (want: Desired, actual: Known<Actual>): readonly Finding<UserOp>[] => {
  const found = actual.is === 'present' ? actual.value : NOBODY;
  if (want.ensure === 'absent') return found.exists ? [remove(want)] : [];
  if (found.exists) return diffExisting(want, found);
  return [
    want.password === undefined
      ? refuseWithoutPassword(want)
      : create(want, want.password, found.hasUnixUser),
  ];
};
