/** The two ways in which a wait for a confirmation ends. Both are for any process: a run, the timer, `phoenix confirm`. */
import type { ArmedChange } from '../../engine/way-back.ts';
import type { Holder } from '../lock.ts';
import type { Clock } from './clock.ts';
import {
  beginTaking,
  deciding,
  endTaking,
  readArmed,
  readTaking,
  remember,
  removeArmed,
  writeLast,
  type Armed,
  type Ended,
} from './state.ts';

/** Carries out the undo of the changes, and says what went wrong. */
export type Undo = (changes: readonly ArmedChange[]) => Promise<readonly string[]>;

export interface Surroundings {
  readonly state: string;
  readonly holder: Holder;
  readonly clock: Clock;
}

/** Keeps the changes. Undefined if nothing waits (any more). */
export const confirm = async (
  { state, holder, clock }: Surroundings,
  by: 'operator' | 'probe',
): Promise<Armed | undefined> =>
  await deciding(state, holder, async () => {
    const armed = await readArmed(state);
    if (armed === undefined) return undefined;
    const how: Ended = { is: 'confirmed', by };
    await remember(state, armed, how);
    writeLast(state, armed, how);
    removeArmed(state);
    await clock.stop(armed.unit);
    clock.clear();
    return armed;
  });

/**
 * Takes the changes back. `due` decides, once nobody else can: a timer that was overtaken by a later change of the same
 * run has nothing to do. Undefined if nothing was to be taken back.
 */
export const takeBackNow = async (
  { state, holder, clock }: Surroundings,
  why: string,
  undo: Undo,
  due: (armed: Armed) => boolean = () => true,
): Promise<{ readonly armed: Armed; readonly ended: Ended } | undefined> =>
  await deciding(state, holder, async () => {
    const armed = await readArmed(state);
    if (armed !== undefined && !due(armed)) return undefined;
    if (armed !== undefined) beginTaking(state);
    // One that was cut off while it took back is begun anew: an undo may be carried out twice.
    const taking = armed ?? (await readTaking(state));
    if (taking === undefined) return undefined;
    const errors = [...(await undo(taking.changes))];
    const ended: Ended = { is: 'taken back', why, errors };
    await remember(state, taking, ended);
    writeLast(state, taking, ended);
    endTaking(state);
    clock.clear();
    return { armed: taking, ended };
  });
