/**
 * Keeps the state directory from growing for ever: folders of old runs, and old contents that no run which is left could
 * ask for. Whatever is not known to be ours, or not known to be old, stays.
 */
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { runUnderWay } from './journal-file.ts';
import { beganAt, runFolders } from './run-folder.ts';
import { replaceText } from './state-file.ts';

/** The newest ones are kept however old they are; the others for a while, as long as there are not too many. */
export interface Bounds {
  readonly always: number;
  readonly most: number;
  readonly days: number;
}
export const BOUNDS: Bounds = { always: 50, most: 500, days: 90 };

const DAY = 24 * 60 * 60_000;

const began = (run: string): number => Date.parse(beganAt(run) ?? '');

/** The runs that may go. `since` are the times from which on something is still open: a debt, a change to be confirmed. */
export const prunable = (
  runs: readonly string[],
  now: number,
  since: readonly string[],
  { always, most, days }: Bounds = BOUNDS,
): readonly string[] => {
  const newestFirst = [...runs].sort().reverse();
  const open = Math.min(...since.map((at) => Date.parse(at)).filter((at) => !Number.isNaN(at)), Infinity);
  // A debt is younger than the beginning of the run that it is of.
  const debtor = newestFirst.map(began).find((at) => at <= open);
  return newestFirst.filter((run, index) => {
    const age = now - began(run);
    // By time, not by place: the name of a run does not order those of one second.
    const needed = open < Infinity && (debtor === undefined || began(run) >= debtor);
    return !needed && index >= always && (index >= most || age > days * DAY);
  });
};

interface IndexEntry {
  readonly at: string;
  readonly sha256?: string;
}

const indexOf = (folder: string): { line: string; entry: IndexEntry | undefined }[] =>
  readFileSync(`${folder}/index.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      try {
        return { line, entry: JSON.parse(line) as IndexEntry };
      } catch {
        return { line, entry: undefined };
      }
    });

const HASH = /\b[0-9a-f]{64}\b/g;

/** Every hash that a text speaks of, whatever of: one too many is kept, none too few. */
const hashesIn = (path: string): string[] =>
  existsSync(path) ? (readFileSync(path, 'utf8').match(HASH) ?? []) : [];

const referredTo = (state: string): ReadonlySet<string> => {
  const wayBack = ['armed', 'taking', 'last'].map((name) => `${state}/way-back/${name}.json`);
  const journals = runFolders(state).map((run) => `${state}/runs/${run}/journal.jsonl`);
  return new Set([`${state}/debts.json`, ...wayBack, ...journals].flatMap(hashesIn));
};

/** Directories and images of disks that were kept whole are somebody's data; they stay until somebody looks. */
const pruneBackups = (state: string): number => {
  const folder = `${state}/backups`;
  const [oldest] = runFolders(state);
  const from = oldest === undefined ? undefined : beganAt(oldest);
  if (from === undefined || !existsSync(`${folder}/index.jsonl`)) return 0;
  const index = indexOf(folder);
  const needed = new Set([
    ...referredTo(state),
    ...index.flatMap(({ entry }) => (entry?.sha256 !== undefined && entry.at >= from ? [entry.sha256] : [])),
  ]);
  const known = new Set(index.flatMap(({ entry }) => entry?.sha256 ?? []));
  const gone = readdirSync(folder).filter(
    (name) => known.has(name) && !needed.has(name) && lstatSync(`${folder}/${name}`).isFile(),
  );
  if (gone.length === 0) return 0;
  for (const name of gone) rmSync(`${folder}/${name}`);
  const left = index.filter(({ entry }) => entry?.sha256 === undefined || !gone.includes(entry.sha256));
  replaceText(folder, 'index.jsonl', left.map(({ line }) => `${line}\n`).join(''));
  return gone.length;
};

/** Where there are few, or the oldest is young, as nearly always, none need be looked at. */
const noneIsOld = ([oldest, ...others]: readonly string[], now: number, bounds: Bounds): boolean => {
  const { always, most, days } = bounds;
  if (oldest === undefined || others.length < always) return true;
  return others.length < most && now - began(oldest) <= days * DAY;
};

/** Only for who holds the lock. */
export const prune = (state: string, since: readonly string[], now = Date.now(), bounds = BOUNDS): number => {
  const runs = runFolders(state);
  if (noneIsOld(runs, now, bounds)) return 0;
  const current = runUnderWay(state);
  const old = prunable(runs, now, since, bounds).filter((run) => run !== current);
  if (old.length === 0) return 0;
  for (const run of old) rmSync(`${state}/runs/${run}`, { recursive: true });
  pruneBackups(state);
  return old.length;
};
