import type { Action, Finding, Risk } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import type { Actual, Entry } from './facts.ts';
import { editKeys, type Edit } from './keys-text.ts';
import { obstacleTo } from './obstacle.ts';
import type { Desired, KeysOp } from './schema.ts';

type At = Pick<Desired, 'user' | 'path'>;

const at = ({ user, path }: Desired): At => (path === undefined ? { user } : { user, path });

const makeDirectory = (want: Desired): Action<KeysOp> => ({
  does: { op: 'make-directory', ...at(want) },
  description: `make ~${want.user}/.ssh (0700)`,
  risk: 'safe',
  changes: [{ path: 'directory', from: null, to: '~/.ssh' }],
  undo: { none: 'an empty directory is left in the home, and does no harm' },
});

const MODES = { directory: '0700', file: '0600' } as const;

const setMeta = (want: Desired, found: Actual, part: 'directory' | 'file', entry: Entry): Action<KeysOp> => {
  const op = (mode: string, uid: number, gid: number): KeysOp => ({
    op: 'set-meta',
    ...at(want),
    part,
    mode,
    uid,
    gid,
  });
  const path = part === 'file' ? found.path : `${found.home}/.ssh`;
  return {
    does: op(MODES[part], found.uid, found.gid),
    description: `set ${path} to ${MODES[part]}, owned by ${want.user}`,
    risk: 'safe',
    changes: [
      ...(entry.mode === MODES[part] ? [] : [{ path: `${part} mode`, from: entry.mode, to: MODES[part] }]),
      ...(entry.uid === found.uid ? [] : [{ path: `${part} owner`, from: entry.uid, to: found.uid }]),
    ],
    undo: { by: op(entry.mode, entry.uid, entry.gid) },
  };
};

const isRight = (found: Actual, part: 'directory' | 'file', entry: Entry): boolean =>
  entry.mode === MODES[part] && entry.uid === found.uid;

const counted = (count: number, verb: string): string[] =>
  count === 0 ? [] : [`${verb} ${count} key${count === 1 ? '' : 's'}`];

const describeEdit = (want: Desired, { changes }: Edit): string => {
  const added = changes.filter(({ from }) => from === null).length;
  const removed = changes.filter(({ to }) => to === null).length;
  const parts = [
    ...counted(added, 'add'),
    ...counted(changes.length - added - removed, 'change'),
    ...counted(removed, 'remove'),
  ];
  return `${parts.join(', ')} of ${want.user}`;
};

/** With its last key a user without a password loses every way in; root's is the last way into the host. */
const riskOfEdit = (want: Desired, edit: Edit, hasPassword: boolean): Risk => {
  if (edit.changes.every(({ from }) => from === null)) return 'safe';
  return edit.left === 0 && (want.user === 'root' || !hasPassword) ? 'destructive' : 'disruptive';
};

const write = (want: Desired, edit: Edit, old: string | null, hasPassword: boolean): Action<KeysOp> => {
  const risk = riskOfEdit(want, edit, hasPassword);
  return {
    does: { op: 'write', ...at(want), text: edit.text },
    description: describeEdit(want, edit),
    risk,
    changes: edit.changes.map(({ fingerprint, from, to }) => ({ path: fingerprint, from, to })),
    undo: {
      by: old === null ? { op: 'delete', ...at(want) } : { op: 'write', ...at(want), text: old },
    },
    // a key that is only added takes no way in from anybody
    ...(risk === 'safe' ? {} : { cutsOff: 'ssh' }),
  };
};

/** The user is made later in the same run: everything has to be made. */
const creation = (want: Desired): readonly Finding<KeysOp>[] => {
  const edit = editKeys(want.keys, '', false);
  if (edit.changes.length === 0) return [];
  return [...(want.path === undefined ? [makeDirectory(want)] : []), write(want, edit, null, false)];
};

const diffDirectory = (want: Desired, found: Actual, needed: boolean): readonly Finding<KeysOp>[] => {
  if (want.path !== undefined) return [];
  if (found.directory === null) return needed ? [makeDirectory(want)] : [];
  return isRight(found, 'directory', found.directory)
    ? []
    : [setMeta(want, found, 'directory', found.directory)];
};

const diffFile = (want: Desired, found: Actual, edit: Edit): readonly Finding<KeysOp>[] => {
  // a write also sets owner and mode
  if (edit.changes.length > 0) return [write(want, edit, found.text, found.hasPassword)];
  return found.file === null || isRight(found, 'file', found.file)
    ? []
    : [setMeta(want, found, 'file', found.file)];
};

export const diff = (want: Desired, actual: Known<Actual>): readonly Finding<KeysOp>[] => {
  if (actual.is === 'absent') return creation(want);
  const found = actual.value;
  const obstacle = obstacleTo(want, found);
  if (obstacle !== undefined) return [obstacle];
  const edit = editKeys(want.keys, found.text ?? '', want.mode === 'exact');
  return [...diffDirectory(want, found, edit.changes.length > 0), ...diffFile(want, found, edit)];
};
