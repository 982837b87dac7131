/**
 * Who or what may have caused a drift, as far as the host knows: leads, no verdicts. Only looked for in a check that found
 * drift and in the report of one, by one process a source at most, each with a short time.
 */
import type { Plan, PlannedResource } from '../engine/plan.ts';
import type { RunSummary } from '../engine/run-summary.ts';
import { accountsOf } from '../facts/accounts.ts';
import { readHistory } from '../host/history-file.ts';
import type { HostReader } from '../host/host.ts';
import { dpkgTraces } from '../host/leads/dpkg-log.ts';
import { changedFile, changedText, type Changed } from '../host/leads/files.ts';
import { journalTraces } from '../host/leads/journal.ts';
import { lastNaming, lastNear, leadText, timeText, type Trace, type Trail } from '../host/leads/lead.ts';
import { zpoolTraces } from '../host/leads/zpool-history.ts';

interface Sources {
  readonly journal: readonly Trace[];
  readonly zpool: readonly Trace[];
  readonly dpkg: readonly Trace[];
  /** Where phoenix itself took something back: the run. */
  readonly rolledBack: ReadonlyMap<string, string>;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const keyOf = (ref: string): string => ref.slice(ref.indexOf('[') + 1, -1);

const pathsIn = (resource: PlannedResource): readonly string[] => {
  const changes = resource.is === 'drift' ? resource.actions.flatMap((action) => action.changes) : [];
  const named = [keyOf(resource.ref), ...changes.map(({ path }) => path)];
  return [...new Set(named.filter((one) => one.startsWith('/')))];
};

const said = (trace: Trace | undefined): string[] =>
  trace === undefined ? [] : [`${timeText(trace.at)} UTC, ${trace.text}`];

/** By name where a log has it; otherwise who was there when a file of it changed. */
const fromLogs = (trail: Trail, { journal, zpool, dpkg }: Sources): string[] => {
  const named = [zpool, journal, dpkg].map((traces) => lastNaming(traces, trail)).flatMap(said);
  if (named.length > 0) return named;
  return [...said(lastNear(journal, trail, 10 * MINUTE, 0)), ...said(lastNear(dpkg, trail, MINUTE, MINUTE))];
};

/** What the last run that touched it took back. */
const rollbacksIn = (history: readonly RunSummary[]): Map<string, string> => {
  const last = new Map<string, string>();
  for (const { run, does, differed } of history)
    for (const { ref, result } of differed)
      if (result === 'converged')
        if (does === 'rollback') last.set(ref, run);
        else last.delete(ref);
  return last;
};

/** What phoenix did itself is in the logs too, and is no lead. */
const byOthers = (history: readonly RunSummary[], until: number): ((trace: Trace) => boolean) => {
  const own = history
    .filter(({ actions }) => actions > 0)
    .map(
      ({ at, milliseconds }) => [Date.parse(at) - SECOND, Date.parse(at) + milliseconds + SECOND] as const,
    );
  return ({ at }) => at <= until && !own.some(([from, to]) => at >= from && at <= to);
};

const sourcesFor = async (
  drifted: readonly PlannedResource[],
  history: readonly RunSummary[],
  until: number,
): Promise<Sources> => {
  const hasZfs = drifted.some(({ ref }) => ref.startsWith('Zfs'));
  const [journal, zpool] = await Promise.all([journalTraces(), hasZfs ? zpoolTraces() : []]);
  const theirs = byOthers(history, until);
  return {
    journal: journal.filter(theirs),
    zpool: zpool.filter(theirs),
    dpkg: dpkgTraces().filter(theirs),
    rolledBack: rollbacksIn(history.filter(({ at }) => Date.parse(at) < until)),
  };
};

const leadsFor = (
  { ref }: PlannedResource,
  trail: Trail,
  files: readonly string[],
  sources: Sources,
): readonly string[] => {
  const run = sources.rolledBack.get(ref);
  const own = run === undefined ? [] : [`phoenix took it back, in run ${run}`];
  return [...own, ...files, ...fromLogs(trail, sources)].map(leadText);
};

/** The plan with leads at what has drifted. `then`: when it was made, if that is past; the files are others by now. */
export const withLeads = async (
  plan: Plan,
  host: HostReader,
  state: string,
  then?: number,
): Promise<Plan> => {
  const drifted = plan.resources.filter(({ origin }) => origin === 'drift');
  if (drifted.length === 0) return plan;
  const history = await readHistory(state);
  const sources = await sourcesFor(drifted, history, then ?? Date.now());
  const accounts = await accountsOf(host);
  const changedIn = (paths: readonly string[]): readonly Changed[] =>
    then === undefined ? paths.flatMap((path) => changedFile(path) ?? []) : [];
  const resources = plan.resources.map((one) => {
    if (one.origin !== 'drift') return one;
    const paths = pathsIn(one);
    const files = changedIn(paths);
    const trail = { key: keyOf(one.ref), paths, changed: files.map(({ at }) => at) };
    const told = files.map((file) => changedText(file, (uid) => accounts.userName(uid)));
    const leads = leadsFor(one, trail, told, sources);
    return leads.length === 0 ? one : { ...one, leads };
  });
  return { ...plan, resources };
};
