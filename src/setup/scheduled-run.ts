/** A run that nobody has started: by the timer, within what the manifest allows it. */
import type { Listener } from '../engine/events.ts';
import { windowText } from '../engine/day-window.ts';
import type { Plan } from '../engine/plan.ts';
import type { Ref } from '../engine/resource-type.ts';
import { consentOfTimer, quietNow, UNLESS_TOLD, type Schedule } from '../engine/schedule.ts';
import type { Loaded } from './load-catalog.ts';
import { runSetup } from './run-setup.ts';
import type { Setting } from './setting.ts';

const minutesNow = (): number => {
  const now = new Date();
  return now.getHours() * 60 + now.getMinutes();
};

/** Why it only reports, where it could do more. */
const whyCheck = (schedule: Schedule): string | undefined => {
  const window = quietNow(schedule, minutesNow());
  return window === undefined
    ? undefined
    : `it is between ${windowText(window).replace('-', ' and ')} (schedule.quiet): this run only reports`;
};

const note = (emit: Listener, message: string): void => {
  emit({ event: 'note', level: 'info', message });
};

/** What the run that goes on after a reboot of ours is started with: as much as this one may do. */
const againWith = (manifest: string, { maxRisk }: Schedule): string[] => [
  ...['--no-color', '--manifest', manifest, '--max-risk', maxRisk],
  ...(maxRisk === 'safe' ? [] : ['--yes']),
];

/** Only a run that has something to do looks back. */
const flapping = async (plan: Plan, state: string): Promise<ReadonlyMap<Ref, string>> => {
  const { flappingIn } = await import('../engine/flapping.ts');
  const { readHistory } = await import('../host/history-file.ts');
  return flappingIn(plan, await readHistory(state));
};

export interface ScheduledOptions {
  readonly manifest: string;
  /** By a unit that could do nothing else. */
  readonly check: boolean;
}

/** Returns the exit code. */
export const runScheduled = async (
  { manifest, check }: ScheduledOptions,
  loaded: Loaded,
  setting: Omit<Setting, 'ask'>,
): Promise<number> => {
  const schedule = loaded.catalog.schedule ?? UNLESS_TOLD;
  const onlyReports = check || schedule.mode === 'check';
  const why = onlyReports ? undefined : whyCheck(schedule);
  if (why !== undefined) note(setting.emit, why);
  return await runSetup(
    {
      manifest,
      check: onlyReports || why !== undefined,
      only: [],
      skip: [],
      keepGoing: false,
      reboots: schedule.maxRisk !== 'safe',
      again: againWith(manifest, schedule),
    },
    {
      ...setting,
      loading: Promise.resolve(loaded),
      ask: async (plan) => consentOfTimer(schedule, await flapping(plan, setting.state)),
    },
  );
};
