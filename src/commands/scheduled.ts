/**
 * What the timer's units start; never a person. It does without oclif, which would cost a quarter of a run that has nothing
 * to do.
 */
import { parseArgs } from 'node:util';
import type { Listener, RunEvent } from '../engine/events.ts';
import type { Ending, Notify } from '../engine/notify.ts';
import { reasonOf } from '../engine/reading.ts';
import { differingIn } from '../engine/run-summary.ts';
import { BY_TIMER } from '../engine/schedule.ts';
import { readPause } from '../host/pause-file.ts';
import { STATE_DIRECTORY } from '../host/state-directory.ts';
import { build, DEFAULT_MANIFEST, program, version } from '../installation.ts';
import { openLog, type Log } from '../report/log.ts';
import { paintFor } from '../report/paint.ts';
import { textReport } from '../report/run-report.ts';
import { loadCatalog, type Loaded } from '../setup/load-catalog.ts';
import { runScheduled, type ScheduledOptions } from '../setup/scheduled-run.ts';
import { NotRoot, UsageError } from './errors.ts';
import { logTarget } from './log-target.ts';
import { watchSignals } from './stop-signals.ts';

const optionsOf = (args: readonly string[]): ScheduledOptions => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        check: { type: 'boolean', default: false },
        manifest: { type: 'string', default: DEFAULT_MANIFEST },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(reasonOf(error));
  }
};

const print = (text: string): void => {
  process.stdout.write(text);
};

/** Says why there was no run, or no end of it, and gives the exit code. */
const failed = async (error: unknown): Promise<number> => {
  const { ManifestRefused } = await import('../setup/manifest-refused.ts');
  if (error instanceof ManifestRefused)
    return await (await import('./shared.ts')).reportRefused(error, false);
  const { message, exitCode } = (await import('./failures.ts')).failureOf(error);
  process.stderr.write(`phoenix: ${message}\n`);
  return exitCode;
};

const run = async (options: ScheduledOptions, loaded: Loaded, log: Log, emit: Listener): Promise<number> => {
  const signals = watchSignals(print);
  try {
    return await runScheduled(options, loaded, {
      state: STATE_DIRECTORY,
      version,
      build,
      program,
      holder: {
        pid: process.pid,
        command: 'phoenix scheduled',
        user: BY_TIMER,
        since: new Date().toISOString(),
      },
      emit,
      changesAhead: log.expect,
      stoppedBy: signals.stoppedBy,
      clock: () => performance.now(),
    });
  } finally {
    signals.close();
  }
};

/** What somebody may want to hear of a run, from what it has said. */
const endingOf = (exitCode: number, said: readonly RunEvent[]): Ending => {
  const plan = said.find((event) => event.event === 'plan')?.plan;
  const outcomes = said.find((event) => event.event === 'end')?.outcomes;
  return {
    exitCode,
    differed: plan === undefined ? [] : differingIn(plan, outcomes),
    owed: outcomes?.unpaid.length ?? plan?.owed.length ?? 0,
  };
};

/** Name resolution cannot be called off; what hangs longer is not waited for. */
const LINGER = 1_000;

const tell = async (
  notify: Notify | undefined,
  exitCode: number,
  said: readonly RunEvent[],
  emit: Listener,
) => {
  const { readTelling } = await import('../host/told-file.ts');
  const before = await readTelling(STATE_DIRECTORY);
  // Of a manifest that cannot be read, the last one that could be says who is to know.
  const to = notify ?? before?.notify;
  if (to === undefined) return;
  const { tellOthers } = await import('./tell-others.ts');
  await tellOthers({
    state: STATE_DIRECTORY,
    notify: to,
    ending: endingOf(exitCode, said),
    before,
    kept: said.some(({ event }) => event === 'end'),
    warn: (message) => {
      emit({ event: 'note', level: 'warning', message });
    },
  });
  setTimeout(() => process.exit(), LINGER).unref();
};

const runAndTell = async (options: ScheduledOptions): Promise<void> => {
  const log = openLog(logTarget(options.check));
  const report = textReport(print, paintFor(false), false);
  const said: RunEvent[] = [];
  const emit: Listener = (event) => {
    if (event.event === 'plan' || event.event === 'end') said.push(event);
    report(event);
    log.listen(event);
  };
  let exitCode: number;
  let loaded: Loaded | undefined;
  try {
    loaded = await loadCatalog(options.manifest, STATE_DIRECTORY, build, { program });
    exitCode = await run(options, loaded, log, emit);
  } catch (error) {
    exitCode = await failed(error);
  }
  // Before anything else that could hang.
  process.exitCode = exitCode;
  if (loaded !== undefined && loaded.catalog.notify === undefined)
    (await import('../host/told-file.ts')).forgetTelling(STATE_DIRECTORY);
  else await tell(loaded?.catalog.notify, exitCode, said, emit);
  await log.close();
};

export const scheduled = async (args: readonly string[]): Promise<void> => {
  if (process.geteuid?.() !== 0) throw new NotRoot('only root can read and change what phoenix manages');
  const options = optionsOf(args);
  const pause = await readPause(STATE_DIRECTORY);
  if (pause !== undefined) {
    const { pauseText } = await import('../report/pause-text.ts');
    print(`nothing is done: ${pauseText(pause)}\n`);
    return;
  }
  await runAndTell(options);
};
