/** What the timer has brought back again and again, though the manifest stays the same: once more would help nobody. */
import type { Plan } from './plan.ts';
import type { Ref } from './resource-type.ts';
import type { RunSummary } from './run-summary.ts';
import { BY_TIMER } from './schedule.ts';

/** So often in a row it may have been chance. */
const OFTEN = 3;

/**
 * How often it was brought back by the timer in the runs up to now, without one in between that found it in sync. A
 * person's `setup` starts the count anew: they have seen it.
 */
const timesInARow = (ref: Ref, history: readonly RunSummary[]): number => {
  let times = 0;
  for (const { does, by, differed } of [...history].reverse()) {
    const then = differed.find((one) => one.ref === ref);
    if (then?.origin !== 'drift') return times;
    if (does === 'check') continue;
    if (by !== BY_TIMER) return times;
    if (then.result === 'converged') times += 1;
    else if (then.result !== 'held') return times;
  }
  return times;
};

/** What of a plan is to be held, with the reason; the oldest run first. */
export const flappingIn = ({ resources }: Plan, history: readonly RunSummary[]): ReadonlyMap<Ref, string> =>
  new Map(
    resources
      .filter(({ is, origin }) => is === 'drift' && origin === 'drift')
      .map(({ ref }) => [ref, timesInARow(ref, history)] as const)
      .filter(([, times]) => times >= OFTEN)
      .map(([ref, times]) => [
        ref,
        `flapping: brought back in ${times} runs in a row, and changed on the host again each time; find out by what. ` +
          'phoenix setup, by hand, brings it back and starts the count anew',
      ]),
  );
