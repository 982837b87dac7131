/** What must be on the disk before an action begins: its way back, if it may cut the operator off, and what it will owe. */
import type { Action } from './action.ts';
import type { Resource } from './catalog.ts';
import { debtId } from './journal.ts';
import { reasonOf } from './reading.ts';
import type { Run } from './run.ts';
import { armedChangeOf, type ArmedChange } from './way-back.ts';

/** Writes down what the action will owe before it acts: a crash in between must not lose it. */
const oweFor = (run: Run, { ref, step }: Resource, action: Action): string[] => {
  const added: string[] = [];
  for (const debt of action.owes ?? []) {
    const owed = { debt, step, why: [ref], since: new Date().toISOString() };
    if (run.debts.add(owed)) added.push(debtId(owed));
  }
  return added;
};

/** What is on the disk before an action begins. */
export interface Prepared {
  readonly owing: readonly string[];
  readonly armed?: ArmedChange | undefined;
}

export const prepare = async (run: Run, resource: Resource, action: Action): Promise<Prepared> => {
  const armed = armedChangeOf(resource.ref, resource.kind, action);
  if (armed !== undefined) await run.wayBack.arm(armed);
  return { owing: oweFor(run, resource, action), armed };
};

/** For a change that is made by one call, all must be prepared before it; what cannot be stops the whole. */
export const prepareAll = async (
  run: Run,
  passages: readonly { readonly resource: Resource; readonly allowed: readonly Action[] }[],
): Promise<{ readonly of: ReadonlyMap<Action, Prepared>; readonly failure?: Error }> => {
  const of = new Map<Action, Prepared>();
  try {
    for (const { resource, allowed } of passages)
      for (const action of allowed) of.set(action, await prepare(run, resource, action));
    return { of };
  } catch (error) {
    return { of, failure: new Error(reasonOf(error), { cause: error }) };
  }
};
