import type { Action, Debt, Finding, Refusal, Undo } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { folderOf, pathOf, render } from './files.ts';
import type { Actual, OnDisk } from './read.ts';
import type { Desired, TunableOp } from './schema.ts';

const refuse = (refuses: string, path: string, from: unknown, to: unknown): Refusal => ({
  refuses,
  changes: [{ path, from, to }],
});

const refusals = (want: Desired, { file, isRead, declared }: Actual): Refusal[] => {
  const path = pathOf(want.name);
  if (file !== undefined && file.type !== 'file')
    return [refuse(`${path} is a ${file.type}, not a file; move it away`, 'type', file.type, 'file')];
  if (want.ensure === 'absent') return [];
  if (isRead === false)
    return [
      refuse(
        `no packaged tunable reads ${folderOf(want.name)} in this version of AppArmor: it would have no effect; ` +
          'use another folder, such as home.d',
        folderOf(want.name),
        'not read',
        'read',
      ),
    ];
  if (isRead === null) return [];
  const missing = Object.keys(want.append).filter((name) => !declared.includes(name));
  const twice = Object.keys(want.define).filter((name) => declared.includes(name));
  return [
    ...missing.map((name) =>
      refuse(`nothing declares @{${name}}; define it instead of appending to it`, name, null, 'declared'),
    ),
    ...twice.map((name) =>
      refuse(`@{${name}} is declared already; append to it instead of defining it`, name, 'declared', null),
    ),
  ];
};

/** What a change is tried with: the users, or else one file that reads the folder. */
const triedWith = ({ users, probe }: Actual): string[] =>
  users.length > 0 || probe === undefined ? [...users] : [probe];

const undoOf = ({ name }: Desired, file: OnDisk | undefined, users: readonly string[]): Undo<TunableOp> =>
  file?.kept === undefined
    ? { by: { op: 'remove', name, files: [...users] } }
    : { by: { op: 'restore', name, ...file.kept, files: [...users] } };

const showMeta = ({ mode, uid, gid }: NonNullable<OnDisk['kept']>): string =>
  `${mode.toString(8).padStart(4, '0')} ${uid}:${gid}`;

const write = (want: Desired, actual: Actual): Action<TunableOp> => {
  const { file } = actual;
  const [path, content] = [pathOf(want.name), render(want)];
  return {
    does: { op: 'write', name: want.name, content, files: triedWith(actual) },
    description: `write ${path}`,
    risk: 'safe',
    changes:
      file?.kept !== undefined && file.text === content
        ? [{ path: 'mode of the file', from: showMeta(file.kept), to: '0644 0:0' }]
        : [{ path, from: file?.text ?? null, to: content, as: 'text' }],
    undo: undoOf(want, file, actual.users),
  };
};

const reparse = (actual: Actual, isNew: boolean): Action<TunableOp>[] => {
  const { users, stale } = actual;
  if (users.length === 0 || (!isNew && stale.length === 0)) return [];
  const whose = isNew ? `the profiles that use it: ${users.join(', ')}` : stale.join(', ');
  return [
    {
      does: { op: 'reparse', files: [...users] },
      description: `parse again and replace in the kernel, where loaded, ${whose}`,
      risk: 'disruptive',
      changes: (isNew ? users : stale).map((name) => ({
        path: name,
        from: 'parsed with other tunables',
        to: 'parsed with these',
      })),
      undo: { by: { op: 'reparse', files: [...users] } },
    },
  ];
};

/** The file is gone then, and with it the way to see who used it: so this is written down before. */
const reparseDebt = (users: readonly string[]): Debt => ({
  kind: 'AppArmorTunable',
  does: { op: 'reparse', files: [...users] } as Debt['does'],
  description: `parse again and replace in the kernel, where loaded, ${users.join(', ')}`,
  risk: 'disruptive',
});

const remove = (want: Desired, actual: Actual, { text }: NonNullable<Actual['file']>): Action<TunableOp> => ({
  does: { op: 'remove', name: want.name, files: triedWith(actual) },
  description: `remove ${pathOf(want.name)}`,
  risk: 'safe',
  changes: [{ path: pathOf(want.name), from: text, to: null, as: 'text' }],
  undo: undoOf(want, actual.file, actual.users),
  ...(actual.users.length === 0 ? {} : { owes: [reparseDebt(actual.users)] }),
});

const brokenUsers = ({ errors }: Actual): Finding<TunableOp>[] =>
  errors.map((error) => ({ remarks: `a profile that uses it is not parsed as it is: ${error}` }));

export const diff = (want: Desired, reading: Known<Actual>): readonly Finding<TunableOp>[] => {
  if (reading.is === 'absent') return [];
  const actual = reading.value;
  const refused = refusals(want, actual);
  if (refused.length > 0) return refused;
  if (want.ensure === 'absent') return actual.file === undefined ? [] : [remove(want, actual, actual.file)];
  const isNew = actual.file?.same !== true;
  return [
    ...(isNew ? [write(want, actual)] : []),
    ...reparse(actual, isNew && actual.file?.text !== render(want)),
    ...brokenUsers(actual),
  ];
};
