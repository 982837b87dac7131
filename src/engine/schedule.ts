/** When nobody is there: what a run by the timer may do, and when. Plain data of the catalog, and pure questions of it. */
import type { Risk } from './action.ts';
import { isWithin, type DayWindow } from './day-window.ts';
import type { Consent } from './gate.ts';
import type { Ref } from './resource-type.ts';

/** Who started such a run, where a user is told else. No user's name has a blank. */
export const BY_TIMER = 'the timer';

export interface Schedule {
  /** As systemd.time(7) has it. */
  readonly onCalendar: string;
  readonly randomizedDelay: string;
  readonly mode: 'converge' | 'check';
  readonly maxRisk: Exclude<Risk, 'destructive'>;
  /** When such a run only reports. */
  readonly quiet: readonly DayWindow[];
}

/** Where the manifest says nothing: these are the defaults of its section too. */
export const UNLESS_TOLD: Schedule = {
  onCalendar: 'hourly',
  randomizedDelay: '10m',
  mode: 'converge',
  maxRisk: 'safe',
  quiet: [],
};

/** The window that is open now, if one is. */
export const quietNow = ({ quiet }: Schedule, now: number): DayWindow | undefined =>
  quiet.find((window) => isWithin(now, window));

/** What the manifest allows without anybody: never what is destructive, and nothing by its name. */
export const consentOfTimer = (
  { maxRisk }: Schedule,
  flapping: ReadonlyMap<Ref, string> = new Map(),
): Consent => ({
  yes: maxRisk === 'disruptive',
  maxRisk,
  confirmed: new Set(),
  granted: new Set(),
  flapping,
});
