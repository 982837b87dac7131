/** How far a resource may go in this run, decided when it was just read again. */
import { riskier, riskOf, type Action } from './action.ts';
import type { Resource } from './catalog.ts';
import { heldBack } from './gate.ts';
import { riskOfResource, type Assessment } from './plan.ts';
import type { Run } from './run.ts';

/** One resource on its way through. */
export interface Passage {
  readonly resource: Resource;
  readonly before: Assessment;
  /** What it may do in this run: up to its first action that is held back. */
  readonly allowed: readonly Action[];
  readonly held?: string;
  /** Why it is not looked at further. */
  readonly skipped?: string;
  done: number;
  error?: string;
}

/** What it waits for in its own group may not do its part. */
const waitingInVain = ({ requires }: Resource, earlier: readonly Passage[]): string | undefined => {
  const idle = earlier.find(
    ({ resource, before, held, skipped }) =>
      requires.includes(resource.ref) &&
      (before.is === 'unknown' || before.is === 'refused' || held !== undefined || skipped !== undefined),
  );
  return idle && `requires ${idle.resource.ref}, which is left as it is`;
};

/** Who allowed something destructive allowed what the plan showed, to the letter; who saved a plan, every op of it. */
const notAsShown = (run: Run, { ref }: Resource, action: Action): string | undefined => {
  const toTheLetter = riskOf(action) === 'destructive';
  if (!toTheLetter && run.exactly !== true) return undefined;
  const shown = run.plan.resources.find((one) => one.ref === ref);
  const told = ({ does, changes }: Action): string => JSON.stringify(toTheLetter ? [does, changes] : does);
  return shown?.is === 'drift' && shown.actions.some((one) => told(one) === told(action))
    ? undefined
    : 'it would do something else than the plan has shown; look at a new plan';
};

/** What was taken back once would be taken back again, every time the timer strikes: it takes a person to try anew. */
const takenBackBefore = async (run: Run, { ref }: Resource, action: Action): Promise<string | undefined> => {
  if (action.cutsOff === undefined || run.consent.confirmed.has(ref)) return undefined;
  const at = await run.wayBack.takenBackBefore(ref, action.does);
  return at === undefined
    ? undefined
    : `an earlier run made this change and it was taken back at ${at}, unconfirmed; to try again: --confirm '${ref}'`;
};

/** How far a resource may go: up to its first action that is held back. */
const admitted = async (
  run: Run,
  resource: Resource,
  actions: readonly Action[],
): Promise<Pick<Passage, 'allowed' | 'held'>> => {
  for (const [index, action] of actions.entries()) {
    const held =
      heldBack(resource.ref, action, run.consent) ??
      notAsShown(run, resource, action) ??
      (await takenBackBefore(run, resource, action));
    if (held !== undefined) return { allowed: actions.slice(0, index), held };
  }
  return { allowed: actions };
};

/** Decides what may happen to a resource that was just read again. */
export const admit = async (
  run: Run,
  resource: Resource,
  before: Assessment,
  earlier: readonly Passage[],
): Promise<Passage> => {
  const none = { resource, before, allowed: [], done: 0 };
  if (before.is !== 'drift') return none;
  const skipped = waitingInVain(resource, earlier);
  if (skipped !== undefined) return { ...none, skipped };
  const risk = riskOfResource(before);
  if (riskier(risk, run.shown.get(resource.ref) ?? 'safe'))
    return { ...none, held: `it has become ${risk} since the plan was shown; look at a new plan` };
  return { ...none, ...(await admitted(run, resource, before.actions)) };
};
