/** The history as a table, the newest last. Runs in sync, one after the other, are one line. */
import { isCutOff, type CutOffRun, type HistoryEntry } from '../engine/kept-run.ts';
import { EXIT } from '../engine/outcome.ts';
import type { Differing, RunSummary } from '../engine/run-summary.ts';
import { escapeControls } from '../host/display.ts';
import type { Paint } from './paint.ts';

/** Foreign text that shall not break the table. */
export const oneLine = (text: string): string => escapeControls(text).replaceAll('\n', '\\n');

export const seconds = (milliseconds: number): string =>
  `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 0)} s`;

const WORDS: ReadonlyMap<number, string> = new Map([
  [EXIT.drift, 'drift'],
  [EXIT.held, 'held back'],
  [EXIT.failed, 'failed'],
  [EXIT.driftAndUnknown, 'drift'],
  [EXIT.SIGINT, 'stopped'],
  [EXIT.SIGTERM, 'stopped'],
]);

/** How a run ended, in a word or two. */
export const verdictOf = ({ exitCode, differed, does, owed }: RunSummary): string => {
  if (exitCode === EXIT.failed && does === 'check') return 'unreadable';
  if (exitCode !== EXIT.done) return WORDS.get(exitCode) ?? `exit code ${exitCode}`;
  return differed.length === 0 && owed === 0 ? 'in sync' : does === 'check' ? 'owed' : 'converged';
};

const paintVerdict = (summary: RunSummary, width: number, paint: Paint): string => {
  const word = verdictOf(summary).padEnd(width);
  if (summary.exitCode === EXIT.done) return paint.good(word);
  return summary.exitCode === EXIT.failed ? paint.bad(word) : paint.warn(word);
};

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** What differed, by why: "2 drifted, 1 changed in the manifest". */
export const whyText = (differed: readonly Differing[]): string[] => {
  const count = (test: (one: Differing) => boolean) => differed.filter(test).length;
  return (
    [
      [count(({ origin }) => origin === 'drift'), 'drifted'],
      [count(({ origin }) => origin === 'change'), 'changed in the manifest'],
      [count(({ origin }) => origin === 'new'), 'new'],
      [count(({ is }) => is === 'unknown'), 'unreadable'],
    ] as const
  )
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`);
};

const detailsOf = (summary: RunSummary): string =>
  [
    ...whyText(summary.differed),
    ...(summary.more === undefined ? [] : [`${summary.more} more`]),
    ...(summary.actions === 0 ? [] : [plural(summary.actions, 'action')]),
    ...(summary.owed === 0 ? [] : [`${summary.owed} owed`]),
    `${summary.inSync} in sync`,
    seconds(summary.milliseconds),
    `by ${oneLine(summary.by)}`,
  ].join(', ');

const whenOf = (at: string): string => at.slice(0, 19).replace('T', ' ');

const VERDICT = 10;

const lineOf = (summary: RunSummary, paint: Paint): string =>
  `${summary.run}  ${whenOf(summary.at)}  ${summary.does}  ${paintVerdict(summary, VERDICT, paint)}  ${detailsOf(summary)}`;

const cutOffLine = ({ run, at, during }: CutOffRun, paint: Paint): string => {
  const doing =
    during === undefined ? '' : `  during "${oneLine(during.description)}" of ${oneLine(during.ref)}`;
  return `${run}  ${whenOf(at)}  setup  ${paint.bad('cut off'.padEnd(VERDICT))}${doing}`;
};

const isQuiet = (entry: HistoryEntry): boolean => !isCutOff(entry) && verdictOf(entry) === 'in sync';

const quietLine = (quiet: readonly HistoryEntry[], paint: Paint): string =>
  paint.faint(
    `… ${quiet.length} runs in sync, ${whenOf(quiet[0]?.at ?? '')} to ${whenOf(quiet.at(-1)?.at ?? '')}`,
  );

/** Runs in sync that stand together, each other run alone. */
const groups = (entries: readonly HistoryEntry[]): HistoryEntry[][] => {
  const all: HistoryEntry[][] = [];
  for (const entry of entries) {
    const last = all.at(-1);
    if (last?.[0] !== undefined && isQuiet(entry) && isQuiet(last[0])) last.push(entry);
    else all.push([entry]);
  }
  return all;
};

export const historyText = (entries: readonly HistoryEntry[], limit: number, paint: Paint): string => {
  if (entries.length === 0) return 'no run is kept yet\n';
  const lines = groups(entries).map((group) => {
    const [first] = group;
    if (first === undefined || group.length > 1) return quietLine(group, paint);
    return isCutOff(first) ? cutOffLine(first, paint) : lineOf(first, paint);
  });
  const hidden = Math.max(0, lines.length - limit);
  return [
    ...(hidden === 0 ? [] : [paint.faint(`… ${hidden} earlier lines (--limit)`)]),
    ...lines.slice(hidden),
    '',
  ].join('\n');
};
