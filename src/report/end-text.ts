/** What is said at the end of a converging run: everything that is not as it should be, and a total. */
import type { RunEvent } from '../engine/events.ts';
import { countOf, type Outcome, type Outcomes, type Result } from '../engine/outcome.ts';
import { escapeControls } from '../host/display.ts';
import type { Paint } from './paint.ts';
import { rebootLines, valueText } from './plan-text.ts';

export const WORDS: Readonly<Record<Result, string>> = {
  'in sync': 'in sync',
  converged: 'converged',
  held: 'held back',
  skipped: 'skipped',
  unknown: 'unreadable',
  failed: 'failed',
};

const painted = (result: Result, paint: Paint): string =>
  result === 'failed' || result === 'unknown' ? paint.bad(WORDS[result]) : paint.warn(WORDS[result]);

const indent = (text: string): string => escapeControls(text).split('\n').join('\n    ');

const outcomeLines = ({ ref, result, reason, remains }: Outcome, paint: Paint): string[] => [
  `${paint.strong(escapeControls(ref))}: ${painted(result, paint)}${reason === undefined ? '' : `: ${indent(reason)}`}`,
  ...(remains ?? []).map(({ path, from, to, as }) =>
    as === undefined
      ? `    ${escapeControls(path)}: ${valueText(from)}, wanted ${valueText(to)}`
      : `    ${escapeControls(path)} differs`,
  ),
];

const seconds = (milliseconds: number): string =>
  `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 0)} s`;

const total = (outcomes: Outcomes, milliseconds: number, paint: Paint): string => {
  const actions =
    outcomes.resources.reduce((sum, outcome) => sum + outcome.actions, 0) + outcomes.paid.length;
  const parts = (['converged', 'in sync', 'held', 'skipped', 'unknown', 'failed'] as const)
    .map((result) => [countOf(outcomes, result), WORDS[result]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  const good = outcomes.resources.every(({ result }) => result === 'in sync' || result === 'converged');
  const head = good && outcomes.unpaid.length === 0 ? paint.good('Converged') : paint.bad('Not converged');
  return `${head}: ${parts.join(', ')}; ${actions} action${actions === 1 ? '' : 's'} in ${seconds(milliseconds)}`;
};

export const endText = (outcomes: Outcomes, milliseconds: number, paint: Paint): string =>
  [
    ...outcomes.notes.map(({ ref, text }) => `${paint.strong(escapeControls(ref))}: ${indent(text)}`),
    ...outcomes.resources
      .filter(({ result }) => result !== 'in sync' && result !== 'converged')
      .flatMap((outcome) => outcomeLines(outcome, paint)),
    ...outcomes.unpaid.map(
      ({ owed, held, reason }) =>
        `${paint.warn(escapeControls(owed.debt.description))}: still owed, ${held ? 'held back' : 'failed'}: ${indent(reason)}`,
    ),
    ...rebootLines(outcomes.reboot, paint),
    ...(outcomes.stoppedBy === undefined ? [] : [paint.warn(`stopped by ${outcomes.stoppedBy}`)]),
    total(outcomes, milliseconds, paint),
    '',
  ].join('\n');

/** The last word of a run, where the manifest allows reboots and one is owed. */
export const rebootText = (
  { now, reasons }: Pick<Extract<RunEvent, { event: 'reboot' }>, 'now' | 'reasons'>,
  paint: Paint,
): string =>
  now
    ? `${paint.warn('Rebooting now')}, for what is owed\n`
    : `${paint.warn('No reboot now')}: ${escapeControls(reasons.join('; '))}\n`;

export const inSyncText = (count: number, milliseconds: number, paint: Paint): string =>
  `${paint.good('In sync')}: ${count} resource${count === 1 ? '' : 's'} in ${seconds(milliseconds)}\n`;
