/** Why a resource is not as the manifest says: somebody changed the host, or somebody changed the manifest. */
import type { Outcomes } from './outcome.ts';
import type { Plan } from './plan.ts';
import type { Ref } from './resource-type.ts';

/**
 * `drift`: an earlier run saw it as it is declared, and it is declared the same now. `change`: it is declared otherwise
 * than then. `new`: no run has seen it as declared yet.
 */
export type Origin = 'drift' | 'change' | 'new';

/** What each resource was declared as when a run last saw it in sync: a hash. */
export type Applied = ReadonlyMap<Ref, string>;

const originOf = (before: string | undefined, now: string | undefined): Origin => {
  if (before === undefined) return 'new';
  return before === now ? 'drift' : 'change';
};

/** Marks what differs. What cannot be read has no origin: nothing is known of it. */
export const withOrigins = (plan: Plan, applied: Applied, declared: Applied): Plan => ({
  ...plan,
  resources: plan.resources.map((one) =>
    one.is === 'unknown' ? one : { ...one, origin: originOf(applied.get(one.ref), declared.get(one.ref)) },
  ),
});

/** What is applied after a run. `whole` is false for a run that left resources out: their entries stay. */
export const appliedAfter = (
  before: Applied,
  declared: Applied,
  plan: Plan,
  outcomes: Outcomes | undefined,
  whole: boolean,
): Applied => {
  const differed = new Set(plan.resources.map(({ ref }) => ref));
  const good = new Set(
    outcomes?.resources
      .filter(({ result }) => result === 'in sync' || result === 'converged')
      .map(({ ref }) => ref),
  );
  const after = new Map(whole ? [] : before);
  for (const [ref, hash] of declared) {
    const old = before.get(ref);
    if (!differed.has(ref) || good.has(ref)) after.set(ref, hash);
    else if (old !== undefined) after.set(ref, old);
  }
  return after;
};
