/** The runs that there were: what the history says of them, and those that were cut off before they could say anything. */
import { BY_TIMER } from '../engine/schedule.ts';
import type { RunSummary } from '../engine/run-summary.ts';
import { isCutOff, type HistoryEntry, type KeptRun } from '../engine/kept-run.ts';
import { readHistory } from '../host/history-file.ts';
import { duringOf } from '../host/journal-file.ts';
import { NoSuchRun } from './no-such-run.ts';
import { beganAt, readReport, runFolders } from '../host/run-folder.ts';

/** The oldest first. The run that is under way, if there is one, looks like one that was cut off. */
export const pastRuns = async (state: string): Promise<readonly HistoryEntry[]> => {
  const told = await readHistory(state);
  const known = new Set(told.map(({ run }) => run));
  // By the second: that is all that a name tells.
  const oldest = told[0]?.at.slice(0, 19) ?? '';
  const cutOff = runFolders(state)
    .filter((run) => !known.has(run) && (beganAt(run) ?? '') >= oldest)
    .map((run) => {
      const during = duringOf(state, run);
      return { run, at: beganAt(run) ?? '', ...(during === undefined ? {} : { during }) };
    });
  // Not by name: of two runs of one second it tells nothing.
  return [...told, ...cutOff].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
};

const find = (entries: readonly HistoryEntry[], asked: string | undefined): HistoryEntry => {
  const found = entries.filter(({ run }) => asked === undefined || run.startsWith(asked));
  const last = found.at(-1);
  if (last === undefined)
    throw new NoSuchRun(
      asked === undefined
        ? 'no run is kept yet'
        : `no run ${asked} is kept; \`phoenix history\` lists those that are`,
    );
  if (asked !== undefined && found.length > 1 && last.run !== asked)
    throw new NoSuchRun(
      `${asked} may be any of ${String(found.length)} runs: ${found
        .slice(0, 5)
        .map(({ run }) => run)
        .join(', ')}`,
    );
  return last;
};

/** One run by its name or the beginning of it; the last one unless told. */
export const pastRun = async (state: string, host: string, asked: string | undefined): Promise<KeptRun> => {
  const entry = find(await pastRuns(state), asked);
  return { host, entry, ...(isCutOff(entry) ? {} : await readReport(state, entry.run)) };
};

/** The last run that nobody but the timer has started, if it came as far as a plan. */
export const lastByTimer = async (state: string): Promise<RunSummary | undefined> =>
  (await readHistory(state)).findLast(({ by }) => by === BY_TIMER);
