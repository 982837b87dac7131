/** What is around a run that a person or a timer started: where it is reported, who asks, what stops it. */
import type { Grant, Risk } from '../engine/action.ts';
import type { Listener } from '../engine/events.ts';
import type { Ref } from '../engine/resource-type.ts';
import { STATE_DIRECTORY } from '../host/state-directory.ts';
import { build, program, version } from '../installation.ts';
import { openLog, type LogTarget } from '../report/log.ts';
import { notesOn, progressOn } from '../report/progress.ts';
import { jsonReport, textReport } from '../report/run-report.ts';
import type { Setting } from '../setup/setting.ts';
import { ask } from './ask.ts';
import { logTarget } from './log-target.ts';
import { holder, paintOn, print, reportRefused } from './shared.ts';
import { watchSignals } from './stop-signals.ts';

export interface Surroundings {
  readonly check: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  readonly yes: boolean;
  readonly confirmed: readonly Ref[];
  readonly granted: readonly Grant[];
  readonly maxRisk: Exclude<Risk, 'destructive'> | undefined;
}

const listenersFor = ({ json, verbose, color }: Surroundings, { stderr }: LogTarget): Listener[] => [
  json
    ? jsonReport(print, version)
    : textReport(print, paintOn(process.stdout, color), verbose || process.stdout.isTTY),
  progressOn(process.stderr, verbose),
  // Where the log does not go to standard error, by cron for one, warnings still do.
  ...(stderr === 'none' ? [notesOn(process.stderr)] : []),
];

/** Sets the exit code of this process to that of the run. */
export const runIn = async (
  around: Surroundings,
  run: (setting: Setting) => Promise<number>,
): Promise<void> => {
  const target = logTarget(around.check);
  const log = openLog(target);
  const listeners = [...listenersFor(around, target), log.listen];
  const signals = watchSignals((message) => {
    process.stderr.write(`${message}\n`);
  });
  const interactive = process.stdin.isTTY && process.stderr.isTTY && !around.json;
  try {
    process.exitCode = await run({
      state: STATE_DIRECTORY,
      version,
      build,
      program,
      holder: holder(),
      emit: (event) => {
        for (const listen of listeners) listen(event);
      },
      changesAhead: log.expect,
      ask: (plan) => ask(plan, { ...around, interactive }),
      stoppedBy: signals.stoppedBy,
      clock: () => performance.now(),
    });
  } catch (error) {
    process.exitCode = await reportRefused(error, around.json, paintOn(process.stdout, around.color));
  } finally {
    signals.close();
    await log.close();
  }
};
