/**
 * What the timer's units start; never a person. It does without oclif, which would cost a quarter of a run that has nothing
 * to do.
 */
import { parseArgs } from 'node:util';
import { reasonOf } from '../engine/reading.ts';
import { BY_TIMER } from '../engine/schedule.ts';
import { readPause } from '../host/pause-file.ts';
import { STATE_DIRECTORY } from '../host/state-directory.ts';
import { build, DEFAULT_MANIFEST, program, version } from '../installation.ts';
import { openLog } from '../report/log.ts';
import { paintFor } from '../report/paint.ts';
import { textReport } from '../report/run-report.ts';
import { loadCatalog } from '../setup/load-catalog.ts';
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

const run = async (options: ScheduledOptions): Promise<number> => {
  const loaded = await loadCatalog(options.manifest, STATE_DIRECTORY, build, { program });
  const log = openLog(logTarget(options.check));
  const report = textReport(print, paintFor(false), false);
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
      emit: (event) => {
        report(event);
        log.listen(event);
      },
      changesAhead: log.expect,
      stoppedBy: signals.stoppedBy,
      clock: () => performance.now(),
    });
  } finally {
    signals.close();
    await log.close();
  }
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
  try {
    process.exitCode = await run(options);
  } catch (error) {
    const { reportRefused } = await import('./shared.ts');
    process.exitCode = await reportRefused(error, false);
  }
};
