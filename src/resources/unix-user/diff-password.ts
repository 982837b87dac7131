import type { Action, Finding } from '../../engine/action.ts';
import type { SecretRef } from '../../host/secret-ref.ts';
import type { Actual } from './facts.ts';
import type { Desired, UserOp } from './schema.ts';

type Password = Pick<Actual, 'password' | 'declaresNoPassword' | 'locked' | 'hasPassword'>;

const setPassword = (want: Desired, hash: SecretRef, found: Password): Action<UserOp> => {
  // a lock that somebody put on a password outlives a change of the password; a new account's `!` is no such lock
  const locked = want.locked ?? (found.locked && found.hasPassword);
  return {
    does: { op: 'set-password', name: want.name, hash, locked },
    description: `set the password hash of ${want.name}${locked ? ', locked' : ''}`,
    risk: found.hasPassword ? 'disruptive' : 'safe',
    changes: [
      { path: 'passwordHash', from: null, to: null, as: 'secret' },
      ...(locked === found.locked ? [] : [{ path: 'locked', from: found.locked, to: locked }]),
    ],
    undo: { none: 'the old hash is a secret, and no plan or journal may hold it' },
  };
};

const setLock = (name: string, lock: boolean): Action<UserOp> => ({
  does: { op: lock ? 'lock' : 'unlock', name },
  description: `${lock ? 'lock' : 'unlock'} the password of ${name}`,
  risk: 'disruptive',
  changes: [{ path: 'locked', from: !lock, to: lock }],
  undo: { by: { op: lock ? 'unlock' : 'lock', name } },
});

/** `usermod -U` on a bare `!` refuses, and returns 0. */
const refuseUnlock = (name: string): Finding<UserOp> => ({
  refuses: `${name} has no password that could be unlocked; declare a passwordHash, or run \`passwd ${name}\``,
  changes: [{ path: 'locked', from: true, to: false }],
});

export const diffPassword = (want: Desired, found: Password): readonly Finding<UserOp>[] => {
  if (want.name === 'root' && found.password === 'differs' && found.declaresNoPassword)
    return [
      {
        refuses:
          'root keeps its password: the declared hash is `!` or `*`, and would lock root out of the console',
        changes: [{ path: 'passwordHash', from: null, to: null, as: 'secret' }],
      },
    ];
  if (want.passwordHash !== undefined && found.password === 'differs')
    return [setPassword(want, want.passwordHash, found)];
  if (want.locked === undefined || want.locked === found.locked) return [];
  if (!want.locked && !found.hasPassword) return [refuseUnlock(want.name)];
  return [setLock(want.name, want.locked)];
};
