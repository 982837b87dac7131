import type { Action, Finding } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import type { FileInfo } from '../../host/host.ts';
import { render } from './render.ts';
import { pathOf, type Desired, type RuleOp } from './schema.ts';

export interface Actual {
  readonly type: FileInfo['type'];
  readonly text: string;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

const write = (want: Desired, text: string, old: string | null): Action<RuleOp> => ({
  does: { op: 'write', name: want.name, text },
  description: `${old === null ? 'create' : 'rewrite'} ${pathOf(want.name)}`,
  risk: 'disruptive',
  changes: [{ path: 'content', from: old, to: text, as: 'text' }],
  undo: {
    by: old === null ? { op: 'remove', name: want.name } : { op: 'write', name: want.name, text: old },
  },
  // a rule that is new takes nothing from anybody, as far as it has no !command
  ...(old === null && !text.includes('!') ? {} : { cutsOff: 'sudo' }),
});

const remove = (want: Desired, found: Actual): Action<RuleOp> => ({
  does: { op: 'remove', name: want.name },
  description: `remove ${pathOf(want.name)}`,
  risk: 'disruptive',
  changes: [{ path: 'content', from: found.text, to: null, as: 'text' }],
  undo: { by: { op: 'write', name: want.name, text: found.text } },
  cutsOff: 'sudo',
});

const RIGHT = { mode: '0440', uid: 0, gid: 0 } as const;
const META = ['mode', 'uid', 'gid'] as const;

/** sudo ignores a file that is not root's, or that others may write. */
const setMeta = (want: Desired, { mode, uid, gid }: Actual): Action<RuleOp> => {
  const found = { mode, uid, gid };
  return {
    does: { op: 'set-meta', name: want.name, ...RIGHT },
    description: `set ${pathOf(want.name)} to 0440, owned by root:root`,
    risk: 'disruptive',
    changes: META.filter((path) => found[path] !== RIGHT[path]).map((path) => ({
      path,
      from: found[path],
      to: RIGHT[path],
    })),
    undo: { by: { op: 'set-meta', name: want.name, ...found } },
  };
};

const refuseType = (want: Desired, found: Actual): Finding<RuleOp> => ({
  refuses: `expected ${pathOf(want.name)} to be a file, found a ${found.type === 'other' ? 'special file' : found.type}; move it away`,
  changes: [{ path: 'type', from: found.type, to: want.ensure === 'present' ? 'file' : 'absent' }],
});

export const diff = (want: Desired, actual: Known<Actual>): readonly Finding<RuleOp>[] => {
  const found = actual.is === 'present' ? actual.value : undefined;
  if (found !== undefined && found.type !== 'file') return [refuseType(want, found)];
  if (want.ensure === 'absent') return found === undefined ? [] : [remove(want, found)];
  const text = render(want);
  if (found?.text !== text) return [write(want, text, found?.text ?? null)];
  return META.every((path) => found[path] === RIGHT[path]) ? [] : [setMeta(want, found)];
};
