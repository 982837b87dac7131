import { debtId, type DebtBook } from '../engine/journal.ts';
import type { OwedDebt } from '../engine/plan.ts';
import { readState, writeState } from './state-file.ts';

const NAME = 'debts.json';

/** Debts on the disk; every change is there before the call returns. */
export const debtsIn = async (state: string, warn: (message: string) => void): Promise<DebtBook> => {
  const read = async () =>
    await readState(state, NAME, async () => (await import('./debt-schema.ts')).debtSchema, warn);
  let owed: readonly OwedDebt[] = (await read()) ?? [];
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
