import { heldByRisk } from './gate.ts';
import { tellNotes } from './notes.ts';
import type { Outcomes } from './outcome.ts';
import type { OwedDebt } from './plan.ts';
import { typeOf } from './planner.ts';
import { reasonOf } from './reading.ts';
import { opOf } from './resource-type.ts';
import type { Run } from './run.ts';

type Unpaid = Outcomes['unpaid'][number];

export interface Settlement {
  readonly paid: readonly OwedDebt[];
  readonly unpaid: readonly Unpaid[];
}

const pay = async (run: Run, owed: OwedDebt): Promise<Unpaid | undefined> => {
  const { debt, why } = owed;
  // Who allowed the change allowed what it owes; a debt of an earlier run is asked for like any action.
  const reasons = why.map((ref) => heldByRisk(ref, debt.risk, run.consent));
  const held = reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
  if (held !== undefined) return { owed, held: true, reason: held };
  const action = {
    does: debt.does,
    description: debt.description,
    risk: debt.risk,
    changes: [],
    undo: { none: 'a debt' },
  };
  const [ref] = why;
  try {
    // Another version of phoenix may have known more kinds.
    const type = typeOf(run.types, debt.kind);
    if (ref !== undefined) run.journal.begins(ref, action, 'debt');
    await type.converge(opOf(type, debt.does), run.host);
    run.debts.remove(owed);
    if (ref !== undefined) run.journal.ended(ref);
    return undefined;
  } catch (error) {
    if (ref !== undefined) run.journal.ended(ref, reasonOf(error));
    return { owed, held: false, reason: reasonOf(error) };
  } finally {
    if (ref !== undefined) tellNotes(run, debt.kind, ref);
  }
};

/** Pays what is owed, each debt once however many resources asked; what fails stays owed. */
export const settle = async (run: Run, due: (owed: OwedDebt) => boolean): Promise<Settlement> => {
  const paid: OwedDebt[] = [];
  const unpaid: Unpaid[] = [];
  for (const owed of run.debts.owed.filter(due)) {
    if (run.stoppedBy() !== undefined) {
      unpaid.push({ owed, held: true, reason: 'the run was stopped' });
      continue;
    }
    const failure = await pay(run, owed);
    if (failure === undefined) {
      paid.push(owed);
      run.emit({ event: 'debt paid', owed });
    } else {
      unpaid.push(failure);
      run.emit({ event: 'debt unpaid', ...failure });
    }
  }
  return { paid, unpaid };
};
