import type { NotedHost } from '../host/host.ts';
import type { Risk } from './action.ts';
import type { Catalog } from './catalog.ts';
import type { Listener } from './events.ts';
import type { Consent } from './gate.ts';
import type { DebtBook, Journal } from './journal.ts';
import type { Plan } from './plan.ts';
import type { Types } from './planner.ts';
import type { Ref } from './resource-type.ts';
import type { WayBack } from './way-back.ts';

/** Everything that a converging run works with. */
export interface Run {
  readonly catalog: Catalog;
  /** All steps that there are, also those that this run leaves out: their debts are not its own. */
  readonly stepNames: readonly string[];
  readonly types: Types;
  readonly host: NotedHost;
  readonly plan: Plan;
  /** The risk of each resource in the plan that the operator was shown. */
  readonly shown: ReadonlyMap<Ref, Risk>;
  readonly consent: Consent;
  /** Nothing runs that the plan does not have to the letter, however harmless: it was saved and agreed on. */
  readonly exactly?: boolean;
  readonly journal: Journal;
  readonly debts: DebtBook;
  readonly wayBack: WayBack;
  readonly emit: Listener;
  /** Go on with later steps after one has failed. */
  readonly keepGoing: boolean;
  /** The signal that asks to stop after the action in hand; looked at between actions. */
  readonly stoppedBy: () => 'SIGINT' | 'SIGTERM' | undefined;
  /** Milliseconds since some point; for durations only. */
  readonly clock: () => number;
}
