/** What a run says while it is under way. Data; only `report/` turns it into text. */
import type { Action, Risk } from './action.ts';
import type { Outcome, Outcomes } from './outcome.ts';
import type { Awaited, OwedDebt, Plan } from './plan.ts';
import type { Ref } from './resource-type.ts';
import type { Verdict } from './way-back.ts';

export type RunEvent =
  | { readonly event: 'note'; readonly level: 'info' | 'warning'; readonly message: string }
  | { readonly event: 'plan'; readonly plan: Plan; readonly check: boolean }
  | { readonly event: 'step begins'; readonly step: string; readonly number: number }
  | { readonly event: 'action begins'; readonly ref: Ref; readonly action: Action; readonly risk: Risk }
  | {
      readonly event: 'action done';
      readonly ref: Ref;
      readonly action: Action;
      readonly milliseconds: number;
    }
  | { readonly event: 'action goes on'; readonly ref: Ref; readonly text: string }
  | { readonly event: 'noted'; readonly ref: Ref; readonly text: string }
  | { readonly event: 'action failed'; readonly ref: Ref; readonly action: Action; readonly error: string }
  | { readonly event: 'resource'; readonly outcome: Outcome }
  | { readonly event: 'way back'; readonly refs: readonly Ref[]; readonly verdict: Verdict }
  | { readonly event: 'debt paid'; readonly owed: OwedDebt }
  | {
      readonly event: 'debt unpaid';
      readonly owed: OwedDebt;
      readonly held: boolean;
      readonly reason: string;
    }
  /** After the end: whether the reboot that is owed is made now, and why not. */
  | {
      readonly event: 'reboot';
      readonly awaited: readonly Awaited[];
      readonly now: boolean;
      readonly reasons: readonly string[];
    }
  | {
      readonly event: 'end';
      readonly exitCode: number;
      readonly milliseconds: number;
      readonly inSync: number;
      readonly outcomes?: Outcomes;
    };

export type Listener = (event: RunEvent) => void;
