/** How runs by the timer stand. */
import { windowText } from '../engine/day-window.ts';
import type { RunSummary } from '../engine/run-summary.ts';
import type { Schedule } from '../engine/schedule.ts';
import type { Pause } from '../host/pause-file.ts';
import type { TimerState } from '../host/timer.ts';
import { verdictOf } from './history-text.ts';
import { pauseText } from './pause-text.ts';

export interface Standing {
  readonly timer: TimerState;
  readonly schedule: Schedule;
  /** Whether the units are as the manifest says. */
  readonly asWanted: boolean;
  readonly pause?: Pause;
  /** The last run that it started. */
  readonly last?: RunSummary;
}

const timerLine = ({ enabled, active, next }: TimerState): string => {
  if (!enabled) return 'timer: not set up; phoenix schedule enable';
  if (!active) return 'timer: set up and not running; systemctl start phoenix.timer';
  return `timer: next run ${next === '' ? 'not known' : next}`;
};

const whatLine = ({ onCalendar, randomizedDelay, mode, maxRisk, quiet }: Schedule): string => {
  const what = mode === 'check' ? 'only reports' : `converges, at most what is ${maxRisk}`;
  const windows = quiet.length === 0 ? '' : `; only reports at ${quiet.map(windowText).join(', ')}`;
  return `manifest: ${onCalendar}, up to ${randomizedDelay} later; ${what}${windows}`;
};

const lastLine = (last: RunSummary | undefined): string =>
  last === undefined
    ? 'last run: none yet'
    : `last run: ${last.run}, ${last.does}, ${verdictOf(last)} (exit code ${last.exitCode})`;

export const scheduleText = ({ timer, schedule, asWanted, pause, last }: Standing): string =>
  [
    timerLine(timer),
    whatLine(schedule),
    ...(timer.enabled && !asWanted
      ? ['the timer is set up otherwise than the manifest says; phoenix schedule enable']
      : []),
    ...(pause === undefined ? [] : [pauseText(pause)]),
    lastLine(last),
    '',
  ].join('\n');
