import type { Action, Change, Finding } from '../../../engine/action.ts';
import { EMPTY_FILE, isOurs, OPTIONS, SERVER_FILE } from '../../../facts/bind9/files.ts';
import { EMPTY } from '../../../facts/bind9/mark.ts';
import { refuseConflicts, refuseHolders } from '../refusals.ts';
import type { Desired, ServerOp } from '../schema.ts';
import type { Bind9 } from './read.ts';
import { PACKAGED, render } from './render.ts';

/** Null: there is to be none. */
interface Texts {
  readonly options: string | null;
  readonly mark: string | null;
}

const textChange = (path: string, from: string | undefined, to: string | null): Change[] =>
  (from ?? null) === to ? [] : [{ path, from: from ?? '', to: to ?? '', as: 'text' }];

const write = (what: string, to: Texts, { options, mark, empty, inUse }: Bind9): Action<ServerOp> => ({
  does: { op: 'write-bind9', ...to },
  description: `${what} ${OPTIONS}${inUse === undefined ? '' : ', and let named read it'}`,
  // also while it does not run: the package that is installed before this starts it
  risk: 'disruptive',
  changes: [
    ...textChange(OPTIONS, options, to.options),
    ...textChange(SERVER_FILE, mark, to.mark),
    ...textChange(EMPTY_FILE, empty, to.mark === null ? null : EMPTY),
  ],
  undo: { by: { op: 'write-bind9', options: options ?? null, mark: mark ?? null } },
});

const reload: Action<ServerOp> = {
  does: { op: 'reload-bind9' },
  description: `let named read ${OPTIONS} again: it does not use what is in it`,
  risk: 'disruptive',
  changes: [{ path: 'settings in use', from: 'others', to: 'those of the file' }],
  undo: { none: 'what named used before is in no file' },
};

const diffPresent = (want: Desired, found: Bind9): Finding<ServerOp>[] => {
  if (found.conflicts.length > 0) return [refuseConflicts(found.conflicts)];
  if (found.holders.length > 0) return [refuseHolders(found.holders, 'named')];
  const to = render(want);
  if (to.options !== found.options || to.mark !== found.mark || found.empty !== EMPTY)
    return [write('write the settings of named in', to, found)];
  return found.inUse === false ? [reload] : [];
};

export const diffBind9 = (want: Desired, found: Bind9): readonly Finding<ServerOp>[] => {
  if (want.ensure === 'present') return diffPresent(want, found);
  const isThere = found.mark !== undefined || isOurs(found.options ?? '');
  // without any options it would not find the folder that it writes to
  const options = isOurs(found.options ?? '') ? PACKAGED : (found.options ?? null);
  return isThere ? [write('take the settings of phoenix out of', { options, mark: null }, found)] : [];
};
