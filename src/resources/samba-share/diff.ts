import type { Action, Change, Debt, Finding, Refusal, Risk } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { compareLines, overriddenIn } from '../../facts/samba/compare.ts';
import { OURS } from '../../facts/samba/files.ts';
import type { Actual } from './read.ts';
import { modulesOf, parametersOf, render } from './render.ts';
import type { Desired, ShareOp } from './schema.ts';

const RELOAD: Debt = {
  kind: 'SambaServer',
  does: { op: 'reload' },
  description: 'let Samba read its configuration again',
  risk: 'safe',
};

/** Nobody who uses the share notices a change of these. */
const QUIET: ReadonlySet<string> = new Set(['comment', 'browseable']);

const riskOf = (want: Desired, changes: readonly Change[], isNew: boolean): Risk => {
  if (isNew) return want.guestOk ? 'disruptive' : 'safe';
  return changes.every(({ path }) => QUIET.has(path)) ? 'safe' : 'disruptive';
};

/** Only one that is to go may be without. */
const pathOf = ({ path = '' }: Desired): string => path;

const needsOf = (want: Desired) => ({
  path: pathOf(want),
  ...(want.dataset === undefined ? {} : { dataset: want.dataset }),
  modules: modulesOf(want),
});

const write = (
  want: Desired,
  found: Actual,
  lines: string[],
  changes: readonly Change[],
): Action<ShareOp> => {
  const isNew = found.lines === undefined;
  return {
    does: { op: 'write', name: want.name, lines, needs: needsOf(want) },
    description:
      `${isNew ? 'share' : 'change share'} ${want.name} (${pathOf(want)})` +
      (found.obstacle === undefined ? '' : `, which cannot be yet: ${found.obstacle}`),
    risk: riskOf(want, changes, isNew),
    changes,
    undo: {
      by:
        found.lines === undefined
          ? { op: 'remove', name: want.name }
          : { op: 'write', name: want.name, lines: [...found.lines] },
    },
    owes: [RELOAD],
  };
};

const remove = (want: Desired, lines: readonly string[], { sessions }: Actual): Action<ShareOp> => ({
  does: { op: 'remove', name: want.name },
  description:
    `remove share ${want.name}; its directory stays` +
    (sessions.length === 0 ? '' : `. Disconnects ${sessions.join(', ')}`),
  risk: 'disruptive',
  changes: compareLines([], lines),
  undo: { by: { op: 'write', name: want.name, lines: [...lines] } },
  owes: [RELOAD],
});

const refuseForeign = (want: Desired, { file, line }: NonNullable<Actual['foreign']>): Refusal => ({
  refuses:
    `${file}, line ${line}, has a share ${want.name} already, and phoenix does not touch shares of others; ` +
    'remove it there, or declare another name',
  changes: [{ path: 'name', from: `${file}:${line}`, to: want.ensure === 'absent' ? null : OURS }],
});

const refuseObstacle = (want: Desired, obstacle: string): Refusal => ({
  refuses: `share ${want.name} is declared in ${OURS}, and cannot be used: ${obstacle}`,
  changes: [{ path: 'path', from: null, to: pathOf(want) }],
});

/** Where another share of ours may be at fault, this one has nothing to do but wait for it. */
const aboutBroken = (
  want: Desired,
  said: readonly string[],
  suspects: readonly string[] | undefined,
): Finding<ShareOp> => {
  const what = `Samba does not load its configuration, though share ${want.name} is right; `;
  return suspects === undefined
    ? {
        refuses: `${what}correct what testparm names: ${said.join('; ')}`,
        changes: [{ path: 'configuration', from: 'broken', to: 'loaded' }],
      }
    : { remarks: `${what}not as declared, and perhaps why: ${suspects.join(', ')}` };
};

const refuseUnseen = (want: Desired): Refusal => ({
  refuses: `share ${want.name} is in ${OURS}, which Samba does not read; declare a SambaServer`,
  changes: [{ path: 'name', from: null, to: want.name }],
});

const refuseOverridden = (changes: readonly Change[]): Refusal => ({
  refuses:
    `something outside ${OURS} sets ${changes.map(({ path, from }) => `\`${path}\` to ${String(from)}`).join(', ')}: ` +
    'look for `config backend` and `include` in what `testparm -s` prints, and take it out',
  changes,
});

/** What is not right although our section is. */
const obstacles = (want: Desired, found: Actual): Finding<ShareOp>[] => {
  if (found.obstacle !== undefined) return [refuseObstacle(want, found.obstacle)];
  if (found.broken !== undefined) return [aboutBroken(want, found.broken, found.suspects)];
  if (found.effective === null) return [refuseUnseen(want)];
  const changes = overriddenIn(parametersOf(want, found.lines), found.effective ?? {});
  return changes.length === 0 ? [] : [refuseOverridden(changes)];
};

const diffPresent = (want: Desired, found: Actual): readonly Finding<ShareOp>[] => {
  const lines = render(want, found.lines);
  const changes = compareLines(lines, found.lines);
  return changes.length > 0 ? [write(want, found, lines, changes)] : obstacles(want, found);
};

export const diff = (want: Desired, actual: Known<Actual>): readonly Finding<ShareOp>[] => {
  const found: Actual = actual.is === 'present' ? actual.value : { sessions: [] };
  if (found.foreign !== undefined) return [refuseForeign(want, found.foreign)];
  if (want.ensure === 'present') return diffPresent(want, found);
  return found.lines === undefined ? [] : [remove(want, found.lines, found)];
};
