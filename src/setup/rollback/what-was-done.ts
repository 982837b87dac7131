/** What a run did, resource by resource, as its journal and its report have it. */
import type { Action } from '../../engine/action.ts';
import type { Plan } from '../../engine/plan.ts';
import { reasonOf } from '../../engine/reading.ts';
import type { Ref } from '../../engine/resource-type.ts';
import type { Carried } from '../../engine/rollback.ts';
import { readJournal, type ReadJournal } from '../../host/read-journal.ts';
import { pastRun } from '../past-runs.ts';
import { CannotRollBack } from './cannot.ts';

export interface Done {
  readonly run: string;
  readonly head: ReadJournal['head'];
  /** In the order in which they were changed. */
  readonly carried: readonly Carried[];
}

const journalOf = (state: string, run: string): ReadJournal => {
  let journal: ReadJournal | undefined;
  try {
    journal = readJournal(state, run);
  } catch (error) {
    throw new CannotRollBack(
      `the journal of run ${run} is damaged, or of a version of phoenix that kept less: ${reasonOf(error).slice(0, 200)}`,
    );
  }
  if (journal === undefined)
    throw new CannotRollBack(`run ${run} changed nothing: there is nothing to take back`);
  if (journal.head.rollsBack !== undefined)
    throw new CannotRollBack(
      `run ${run} is itself a rollback, of run ${journal.head.rollsBack}; \`phoenix setup\` brings about what the manifest says`,
    );
  return journal;
};

const plannedFor = (plan: Plan, ref: Ref): readonly Action[] => {
  const planned = plan.resources.find((one) => one.ref === ref);
  return planned?.is === 'drift' ? planned.actions : [];
};

/** Throws `NoSuchRun`, or `CannotRollBack`. */
export const whatWasDone = async (
  state: string,
  asked: string,
  evenChanged: ReadonlySet<Ref>,
): Promise<Done> => {
  const { entry, plan } = await pastRun(state, '', asked);
  const { head, begun } = journalOf(state, entry.run);
  const carried = begun.flatMap(({ ref, declared }) => {
    if (declared === undefined) return [];
    const actions = begun.filter((one) => one.ref === ref).map(({ action }) => action);
    const planned = plan === undefined ? undefined : plannedFor(plan, ref);
    return [{ resource: declared, actions, planned, whatever: evenChanged.has(ref) }];
  });
  return { run: entry.run, head, carried };
};
