/** The way through: manifest → catalog → readings → plan → gate → converge → verify → report. */
import { randomBytes } from 'node:crypto';
import type { Catalog } from '../engine/catalog.ts';
import { converge } from '../engine/converger.ts';
import type { DebtBook } from '../engine/journal.ts';
import { EXIT, exitCodeOf, exitCodeOfCheck, type Outcomes } from '../engine/outcome.ts';
import { risksOf, type Plan } from '../engine/plan.ts';
import { makePlan, type Types } from '../engine/planner.ts';
import { reasonOf } from '../engine/reading.ts';
import { lazyWayBack } from '../engine/way-back.ts';
import { debtsIn } from '../host/debt-file.ts';
import { findCutOff, forgetCutOff } from '../host/journal-file.ts';
import type { HostReader } from '../host/host.ts';
import { takeLock } from '../host/lock.ts';
import { prune } from '../host/prune.ts';
import { RealHost } from '../host/real-host.ts';
import { RealReader } from '../host/real-reader.ts';
import { writeReport } from '../host/report-file.ts';
import { rebootWasMade } from '../host/reboot-made.ts';
import { somethingWaits } from '../host/way-back/waiting.ts';
import { loadCatalog, type Loaded } from './load-catalog.ts';
import { kindsFor, loadTypes } from './load-types.ts';
import { narrow } from './narrow.ts';
import { markOrigins, rememberRun, type Memory } from './remember-run.ts';
import { runJournal } from './run-journal.ts';
import type { Setting, SetupOptions } from './setting.ts';

const runId = (): string =>
  `${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}-${randomBytes(3).toString('hex')}`;

const warnBy =
  ({ emit }: Setting) =>
  (message: string): void => {
    emit({ event: 'note', level: 'warning', message });
  };

const tellOfCutOff = (setting: Setting): void => {
  const cutOff = findCutOff(setting.state);
  if (cutOff === undefined) return;
  const during =
    cutOff.during === undefined ? '' : ` during "${cutOff.during.description}" of ${cutOff.during.ref}`;
  warnBy(setting)(`run ${cutOff.run} was cut off${during}; the host is read anew`);
};

const carryOut = async (
  options: SetupOptions,
  setting: Setting,
  loaded: Loaded,
  memory: Memory,
  work: { catalog: Catalog; types: Types; host: RealHost; plan: Plan; debts: DebtBook },
): Promise<{ exitCode: number; outcomes?: Outcomes }> => {
  const consent = await setting.ask(work.plan);
  if (consent === undefined) {
    const signal = setting.stoppedBy();
    return { exitCode: signal === undefined ? EXIT.held : EXIT[signal] };
  }
  const began = setting.clock();
  const { run } = memory.header;
  const { emit, stoppedBy, clock } = setting;
  const { keepGoing } = options;
  const confirmation = loaded.catalog.confirmation ?? { within: 60 };
  const stopped = (): boolean => stoppedBy() !== undefined;
  const journal = await runJournal(options, setting, run, loaded, work.catalog);
  const wayBack = lazyWayBack(async () => {
    const { wayBackFor } = await import('./way-back.ts');
    return await wayBackFor(setting, run, confirmation, warnBy(setting), stopped);
  });
  try {
    const outcomes = await converge({
      ...work,
      wayBack,
      stepNames: loaded.catalog.steps.map(({ name }) => name),
      shown: risksOf(work.plan),
      consent,
      journal,
      keepGoing,
      exactly: options.plan !== undefined,
      emit,
      stoppedBy,
      clock,
    });
    const exitCode = exitCodeOf(outcomes);
    const milliseconds = Math.round(setting.clock() - began);
    const report = { ...memory.header, exitCode, milliseconds, plan: work.plan, outcomes };
    const isKept = keep(setting, () => {
      writeReport(setting.state, run, report);
    });
    return { exitCode: isKept ? exitCode : exitCode || EXIT.failed, outcomes };
  } finally {
    keep(setting, () => {
      journal.close();
    });
    pruneOld(setting, work.debts);
  }
};

/** While a change waits to be confirmed nothing is thrown away. */
const pruneOld = (setting: Setting, debts: DebtBook): void => {
  if (somethingWaits(setting.state)) return;
  try {
    prune(
      setting.state,
      debts.owed.map(({ since }) => since),
    );
  } catch (error) {
    warnBy(setting)(`old runs in ${setting.state} could not be removed: ${reasonOf(error)}`);
  }
};

/** A full disk must not hide how the run ended. */
const keep = ({ state, emit }: Setting, write: () => void): boolean => {
  try {
    write();
    return true;
  } catch (error) {
    emit({
      event: 'note',
      level: 'warning',
      message: `the report of this run could not be kept in ${state}: ${reasonOf(error)}`,
    });
    return false;
  }
};

const memoryOf = (
  { check, only, skip, rollsBack }: SetupOptions,
  { state, version, holder }: Setting,
  { sha256, fingerprint }: Loaded,
  catalog: Catalog,
): Memory => ({
  state,
  catalog,
  fingerprint,
  whole: only.length === 0 && skip.length === 0,
  header: {
    run: runId(),
    at: new Date().toISOString(),
    does: rollsBack !== undefined ? 'rollback' : check ? 'check' : 'setup',
    by: holder.user,
    version,
    manifest: sha256,
  },
});

/** Loaded only where a reboot is owed, or was made. */
const rebootAtTheEnd = async (
  options: SetupOptions,
  setting: Setting,
  { catalog, plan, host }: { catalog: Catalog; plan: Plan; host: RealHost },
  { exitCode, outcomes }: { exitCode: number; outcomes?: Outcomes },
): Promise<void> => {
  const awaited = (outcomes === undefined ? plan.reboot : outcomes.reboot) ?? [];
  if (catalog.reboot === undefined || !options.reboots) return;
  if (awaited.length === 0 && !rebootWasMade(setting.state)) return;
  const converged = exitCode === EXIT.done && options.only.length === 0 && options.skip.length === 0;
  const { rebootIfAllowed } = await import('./reboot.ts');
  const end = { run: runId(), awaited, converged, args: options.again };
  await rebootIfAllowed({ ...setting, warn: warnBy(setting) }, catalog.reboot, end, host);
};

/** What earlier runs have left open. */
const settleBefore = async (setting: Setting, warn: (message: string) => void): Promise<void> => {
  if (somethingWaits(setting.state)) await (await import('./way-back.ts')).settleEarlierRun(setting, warn);
  if (rebootWasMade(setting.state)) await (await import('./reboot.ts')).goOn({ ...setting, warn });
};

/** Under the lock. */
export const checkOrConverge = async (
  options: SetupOptions,
  setting: Setting,
  loaded: Loaded,
): Promise<number> => {
  const began = setting.clock();
  const catalog = narrow(loaded.catalog, options.only, options.skip);
  const warn = warnBy(setting);
  if (!options.check) await settleBefore(setting, warn);
  tellOfCutOff(setting);
  const debts = await debtsIn(setting.state, warn);
  const kinds = await loadTypes(kindsFor(catalog, debts));
  const types = options.rollsBack?.types(kinds) ?? kinds;
  const memory = memoryOf(options, setting, loaded, catalog);
  const end = (exitCode: number, plan: Plan, outcomes?: Outcomes): number => {
    const milliseconds = setting.clock() - began;
    const { inSync } = plan;
    if (!options.check || options.rollsBack === undefined)
      rememberRun(memory, plan, { exitCode, milliseconds, outcomes }, warn);
    setting.emit({
      event: 'end',
      exitCode,
      milliseconds,
      inSync,
      ...(outcomes === undefined ? {} : { outcomes }),
    });
    return exitCode;
  };

  const ahead = options.check ? undefined : setting.changesAhead;
  const planWith = async (reader: HostReader): Promise<Plan> => {
    const plan = markOrigins(memory, await makePlan(catalog, types, reader, debts.owed, ahead));
    if (options.plan !== undefined || options.save !== undefined) {
      const { manifest } = options;
      const { saveOrCompare } = await import('./saved-plan/save-or-compare.ts');
      saveOrCompare(options, { ...setting, manifest, sha256: loaded.sha256, catalog, plan });
    }
    const drifted = options.check && plan.resources.some(({ origin }) => origin === 'drift');
    const shown = drifted ? await (await import('./leads.ts')).withLeads(plan, reader, setting.state) : plan;
    setting.emit({ event: 'plan', plan: shown, check: options.check });
    return plan;
  };

  if (options.check) {
    const plan = await planWith(new RealReader());
    return end(exitCodeOfCheck(plan), plan);
  }
  const host = new RealHost(setting.state);
  const plan = await planWith(host);
  const nothingToDo = plan.resources.length === 0 && plan.owed.length === 0;
  const { exitCode, outcomes } = nothingToDo
    ? { exitCode: EXIT.done }
    : await carryOut(options, setting, loaded, memory, { catalog, types, host, plan, debts });
  if (exitCode !== EXIT.held && options.rollsBack === undefined) forgetCutOff(setting.state);
  const code = end(exitCode, plan, outcomes);
  await rebootAtTheEnd(
    options,
    setting,
    { catalog, plan, host },
    { exitCode, ...(outcomes && { outcomes }) },
  );
  return code;
};

/** One run of `phoenix setup`, under the lock. Returns the exit code. */
export const runSetup = async (options: SetupOptions, setting: Setting): Promise<number> => {
  // While flock(1) starts, the manifest is read.
  const locking = takeLock(setting.state, setting.holder);
  locking.catch(() => undefined);
  const loading =
    setting.loading ??
    loadCatalog(options.manifest, setting.state, setting.build, { program: setting.program });
  loading.catch(() => undefined);
  const release = await locking;
  try {
    return await checkOrConverge(options, setting, await loading);
  } finally {
    release();
  }
};
