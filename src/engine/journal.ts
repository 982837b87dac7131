/** What a run leaves behind for the next one. The files are kept by `host/`; the engine only says what and when. */
import type { Action } from './action.ts';
import type { OwedDebt } from './plan.ts';
import type { Ref } from './resource-type.ts';

/** On the disk before an action begins, and again when it has ended. */
export interface Journal {
  /** `pays`: it is no action of the resource, but a debt for its sake. */
  begins(ref: Ref, action: Action, pays?: 'debt'): void;
  ended(ref: Ref, error?: string): void;
}

/** What is changed on disk and not yet in effect: kept from before the change until it is paid, over crashes too. */
export interface DebtBook {
  readonly owed: readonly OwedDebt[];
  /** Adds a debt, or another reason to one that is there; true if it was not owed before. */
  add(owed: OwedDebt): boolean;
  remove(owed: OwedDebt): void;
}

/** Two debts are one if they do the same. */
export const debtId = ({ debt }: Pick<OwedDebt, 'debt'>): string => JSON.stringify([debt.kind, debt.does]);
