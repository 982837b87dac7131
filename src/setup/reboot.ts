/** The reboot at the end of a run, if one is owed and may be made; and what the run after it begins with. */
import type { Listener } from '../engine/events.ts';
import type { Awaited } from '../engine/plan.ts';
import { causeOf, whyNotNow, type RebootPolicy } from '../engine/reboot.ts';
import { reasonOf } from '../engine/reading.ts';
import { runningGuests } from '../facts/guests.ts';
import type { HostReader } from '../host/host.ts';
import {
  bootId,
  forgetReboot,
  keepReboot,
  readReboot,
  rebootNow,
  removeResumeUnit,
  writeResumeUnit,
} from '../host/reboot-state.ts';

export interface RebootPlace {
  readonly state: string;
  readonly program: string;
  readonly emit: Listener;
  readonly warn: (message: string) => void;
}

export interface EndOfRun {
  readonly run: string;
  readonly awaited: readonly Awaited[];
  readonly converged: boolean;
  /** Of `setup`, for the run that goes on after the boot. */
  readonly args: readonly string[];
}

/** The first run after a reboot of ours: says so, and takes the unit away that was for it. */
export const goOn = async ({ state, emit, warn }: RebootPlace): Promise<void> => {
  const made = await readReboot(state, warn);
  if (made?.boot === undefined) return;
  if (made.boot === bootId()) {
    warn(`run ${made.run} asked for a reboot at ${made.at}, and it has not come`);
    return;
  }
  removeResumeUnit();
  keepReboot(state, { ...made, boot: undefined });
  emit({
    event: 'note',
    level: 'info',
    message: `goes on after the reboot of run ${made.run}, which was for ${made.causes.join('; ')}`,
  });
};

const minutesNow = (): number => {
  const now = new Date();
  return now.getHours() * 60 + now.getMinutes();
};

const guestsOrWhy = async (host: HostReader) => {
  try {
    return { running: await runningGuests(host), why: [] };
  } catch (error) {
    return { running: [], why: [`it cannot be told which guests run: ${reasonOf(error)}`] };
  }
};

const reboot = async ({ state, program, warn }: RebootPlace, end: EndOfRun): Promise<void> => {
  const made = { at: new Date().toISOString(), run: end.run, causes: end.awaited.map(causeOf) };
  // First what stops a loop, then what goes on, then the reboot: a crash in between loses no more than the reboot.
  keepReboot(state, { ...made, boot: bootId() });
  try {
    writeResumeUnit(program, end.args);
    await rebootNow();
  } catch (error) {
    removeResumeUnit();
    forgetReboot(state);
    warn(`the reboot could not be made: ${reasonOf(error)}`);
  }
};

/** Reboots, or says why not. Nothing is said where the manifest does not speak of it: what is owed is told anyway. */
export const rebootIfAllowed = async (
  place: RebootPlace,
  policy: RebootPolicy,
  end: EndOfRun,
  host: HostReader,
): Promise<void> => {
  if (policy.when === 'never') return;
  const before = await readReboot(place.state, place.warn);
  if (end.awaited.length === 0) {
    // What it was for has come; should it be owed again one day, that is another cause.
    if (end.converged && before !== undefined) forgetReboot(place.state);
    return;
  }
  const { running, why } = await guestsOrWhy(host);
  const { converged, awaited } = end;
  const reasons = [...why, ...whyNotNow(policy, awaited, { converged, now: minutesNow(), running, before })];
  place.emit({ event: 'reboot', awaited, now: reasons.length === 0, reasons });
  if (reasons.length === 0) await reboot(place, end);
};
