import { z } from 'zod';
import { RISKS } from '../engine/action.ts';
import { debtId, type DebtBook } from '../engine/journal.ts';
import type { OwedDebt } from '../engine/plan.ts';
import type { Ref } from '../engine/resource-type.ts';
import { readState, writeState } from './state-file.ts';

const NAME = 'debts.json';

const schema = z.array(
  z.object({
    debt: z.object({
      kind: z.string(),
      does: z.looseObject({ op: z.string() }),
      description: z.string(),
      risk: z.enum(RISKS),
    }),
    step: z.string(),
    why: z.array(z.custom<Ref>((value) => typeof value === 'string')),
    since: z.string(),
  }),
);

/** Debts on the disk; every change is there before the call returns. */
export const debtsIn = (state: string, warn: (message: string) => void): DebtBook => {
  let owed: readonly OwedDebt[] = readState(state, NAME, schema, warn) ?? [];
  const store = (debts: readonly OwedDebt[]): void => {
    writeState(state, NAME, debts);
    owed = debts;
  };
  return {
    get owed() {
      return owed;
    },
    add(debt) {
      const id = debtId(debt);
      const known = owed.find((one) => debtId(one) === id);
      if (known === undefined) store([...owed, debt]);
      else {
        const why = [...new Set([...known.why, ...debt.why])];
        if (why.length > known.why.length)
          store(owed.map((one) => (one === known ? { ...known, why } : one)));
      }
      return known === undefined;
    },
    remove(debt) {
      const id = debtId(debt);
      store(owed.filter((one) => debtId(one) !== id));
    },
  };
};
