/** Who carries the way back out: a run that waits for the confirmation, the timer, the next boot, the next run. */
import type { Confirmation } from '../engine/catalog.ts';
import { kindsOfChanges, takeBack, type ArmedChange, type WayBack } from '../engine/way-back.ts';
import type { Holder } from '../host/lock.ts';
import { RealHost } from '../host/real-host.ts';
import { systemdClock } from '../host/way-back/clock.ts';
import { confirm, takeBackNow, type Surroundings } from '../host/way-back/decide.ts';
import { probeOf } from '../host/way-back/probe.ts';
import { readArmed, readTakenBack, type Armed, type Ended } from '../host/way-back/state.ts';
import { wayBackOf } from '../host/way-back/way-back.ts';
import { loadTypes } from './load-types.ts';
import { StillUnconfirmed } from './still-unconfirmed.ts';

export interface Place {
  readonly state: string;
  readonly program: string;
  readonly holder: Holder;
}

const surroundingsOf = ({ state, program, holder }: Place): Surroundings => ({
  state,
  holder,
  clock: systemdClock(program, state),
});

/** Carries out the undo of the changes, by the kinds that made them. */
const undoBy =
  (state: string, afterBoot = false) =>
  async (changes: readonly ArmedChange[]): Promise<readonly string[]> =>
    await takeBack(changes, await loadTypes(kindsOfChanges(changes)), new RealHost(state), afterBoot);

/** A timer may strike a little early by another clock than ours. */
const EARLY = 1_000;
/** When a deadline is this long over, its timer will not strike any more. */
const LATE = 60_000;

/** `phoenix confirm`: what is kept now; undefined if nothing waited. */
export const confirmChanges = async (place: Place): Promise<Armed | undefined> =>
  await confirm(surroundingsOf(place), 'operator');

export interface TakenBackNow {
  readonly armed: Armed;
  readonly ended: Ended;
}

/** What the timer starts, and the boot. */
export const takeBackUnconfirmed = async (place: Place, boot: boolean): Promise<TakenBackNow | undefined> =>
  await takeBackNow(
    surroundingsOf(place),
    boot ? 'nobody confirmed it before the host was started anew' : 'nobody confirmed it in time',
    undoBy(place.state, boot),
    ({ deadline }) => boot || Date.now() > Date.parse(deadline) - EARLY,
  );

/** Before a run: nothing may wait. What has waited for too long, because its timer was lost, is taken back now. */
export const settleEarlierRun = async (place: Place, tell: (message: string) => void): Promise<void> => {
  const armed = await readArmed(place.state);
  if (armed === undefined) return;
  if (Date.now() < Date.parse(armed.deadline) + LATE) throw new StillUnconfirmed(armed);
  const taken = await takeBackNow(
    surroundingsOf(place),
    'nobody confirmed it, and the timer did not strike',
    undoBy(place.state),
  );
  if (taken !== undefined)
    tell(`what run ${armed.run} changed is taken back: ${armed.changes.map(({ ref }) => ref).join(', ')}`);
};

export const wayBackFor = async (
  place: Place,
  run: string,
  { within, probe }: Confirmation,
  tell: (message: string) => void,
  stopped: () => boolean,
): Promise<WayBack> =>
  wayBackOf({
    ...surroundingsOf(place),
    run,
    seconds: within,
    probe: probe === undefined ? undefined : probeOf(probe),
    undo: undoBy(place.state),
    takenBack: await readTakenBack(place.state),
    tell,
    stopped,
  });
