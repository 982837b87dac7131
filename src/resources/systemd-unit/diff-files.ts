import type { Action, Change, Finding } from '../../engine/action.ts';
import { debtOf, isGuarded } from './debts.ts';
import { filesOf, FOLDER } from './files.ts';
import type { Actual, OnDisk } from './read.ts';
import type { Desired, Kept, UnitOp } from './schema.ts';
import { isMasked, isRunning } from './states.ts';

export const owesFor = (want: Desired, actual: Actual | undefined): Pick<Action, 'owes'> => {
  const debt = want.state !== 'stopped' && isRunning(actual?.state) ? debtOf(want) : undefined;
  return debt ? { owes: [debt] } : {};
};

const showMode = ({ mode, uid, gid }: Kept): string => `${mode.toString(8).padStart(4, '0')} ${uid}:${gid}`;

const changeOf = (file: string, found: OnDisk | undefined, to: string | null): Change =>
  found?.kept !== undefined && found.text === to
    ? { path: `${file} mode`, from: showMode(found.kept), to: '0644 0:0' }
    : { path: file, from: found?.text ?? null, to, as: 'text' };

const keptOf = (actual: Actual | undefined, files: readonly string[]): Record<string, Kept | null> =>
  Object.fromEntries(files.map((file) => [file, actual?.files[file]?.kept ?? null]));

/** A mask is a symlink to /dev/null in the place of the unit file: unmasking clears it. */
const willBeUnmasked = (want: Desired, file: string, actual: Actual): boolean =>
  file === want.name && want.enabled !== undefined && isMasked(actual.state);

const refuseOdd = (want: Desired, file: string, found: OnDisk): Finding<UnitOp> => ({
  refuses:
    `${FOLDER}/${file} is a ${found.type}${found.target === undefined ? '' : ` to ${found.target}`}, not a regular file; ` +
    (found.target === '/dev/null' && file === want.name
      ? 'the unit is masked: declare `enabled`'
      : 'remove it, or declare the unit that it leads to'),
  changes: [{ path: file, from: found.type, to: 'file' }],
});

export interface FilePlan {
  readonly changed: readonly string[];
  readonly obsolete: readonly string[];
  readonly refusals: readonly Finding<UnitOp>[];
}

/** Which files differ. A drop-in of ours that is not wanted any more goes; a unit file that is not declared stays. */
export const planFiles = (want: Desired, actual: Actual | undefined): FilePlan => {
  const wanted = filesOf(want);
  const found = actual?.files ?? {};
  const changed = Object.keys(wanted).filter((file) => !found[file]?.same);
  const odd = changed.filter((file) => found[file] !== undefined && found[file].type !== 'file');
  return {
    changed,
    obsolete: Object.keys(found).filter((file) => file !== want.name && !(file in wanted)),
    refusals: odd.flatMap((file) =>
      actual === undefined || found[file] === undefined || willBeUnmasked(want, file, actual)
        ? []
        : [refuseOdd(want, file, found[file])],
    ),
  };
};

const listed = (verb: string, files: readonly string[]): string[] =>
  files.length === 0 ? [] : [`${verb} ${files.join(', ')}`];

const effectOf = (want: Desired, actual: Actual | undefined): string =>
  isRunning(actual?.state) && isGuarded(want.name) && !want.reloadable
    ? ` (in effect when you restart ${want.name}: that is never done by itself)`
    : '';

/** One action for all files, since they are only right together. */
export const writeFiles = (
  want: Desired,
  actual: Actual | undefined,
  { changed, obsolete }: FilePlan,
): Action<UnitOp>[] => {
  if (changed.length + obsolete.length === 0) return [];
  const files = filesOf(want);
  return [
    {
      does: {
        op: 'write',
        unit: want.name,
        files: { ...files },
        changed: [...changed],
        obsolete: [...obsolete],
      },
      description:
        [...listed('write', changed), ...listed('remove', obsolete)].join(' and ') + effectOf(want, actual),
      risk: 'safe',
      changes: [...changed, ...obsolete].map((file) =>
        changeOf(file, actual?.files[file], files[file] ?? null),
      ),
      undo: { by: { op: 'restore', unit: want.name, files: keptOf(actual, [...changed, ...obsolete]) } },
      ...owesFor(want, actual),
    },
  ];
};

export const removeFiles = (want: Desired, actual: Actual, owes: Pick<Action, 'owes'>): Action<UnitOp> => {
  const files = Object.keys(actual.files).filter((file) => actual.files[file]?.ours);
  return {
    does: { op: 'remove', unit: want.name, files },
    description: `remove ${files.join(', ')}`,
    // The content is kept by its hash, and the undo is exact; that it stops is an action of its own.
    risk: 'safe',
    changes: files.map((file) => changeOf(file, actual.files[file], null)),
    undo: { by: { op: 'restore', unit: want.name, files: keptOf(actual, files) } },
    ...owes,
  };
};
