/** One run in a line: what the history keeps of every run, also of those that changed nothing. */
import type { Origin } from './origin.ts';
import type { Outcomes, Result } from './outcome.ts';
import type { Plan, PlannedResource } from './plan.ts';
import type { Ref } from './resource-type.ts';

export interface RunHeader {
  readonly run: string;
  /** When it began; ISO 8601, UTC. */
  readonly at: string;
  readonly does: 'setup' | 'check' | 'rollback';
  /** The user who started it. */
  readonly by: string;
  readonly version: string;
  /** SHA-256 of the manifest. */
  readonly manifest: string;
}

export interface Differing {
  readonly ref: Ref;
  readonly is: PlannedResource['is'];
  readonly origin?: Origin;
  /** How it ended, if the run was to converge it. */
  readonly result?: Result;
}

export interface RunSummary extends RunHeader {
  readonly exitCode: number;
  readonly milliseconds: number;
  readonly inSync: number;
  readonly actions: number;
  readonly owed: number;
  /** What was not in sync when the run began; the first ones. */
  readonly differed: readonly Differing[];
  /** How many more differed. */
  readonly more?: number;
}

/** A line of the history stays short. */
const MOST = 100;

export const differingIn = (plan: Plan, outcomes: Outcomes | undefined): Differing[] => {
  const results = new Map(outcomes?.resources.map(({ ref, result }) => [ref, result]));
  return plan.resources.map(({ ref, is, origin }) => {
    const result = results.get(ref);
    return {
      ref,
      is,
      ...(origin === undefined ? {} : { origin }),
      ...(result === undefined ? {} : { result }),
    };
  });
};

export const summaryOf = (
  header: RunHeader,
  plan: Plan,
  end: { readonly exitCode: number; readonly milliseconds: number; readonly outcomes?: Outcomes | undefined },
): RunSummary => {
  const { exitCode, milliseconds, outcomes } = end;
  const differed = differingIn(plan, outcomes);
  const actions = outcomes?.resources.reduce((sum, one) => sum + one.actions, 0) ?? 0;
  return {
    ...header,
    exitCode,
    milliseconds: Math.round(milliseconds),
    inSync: plan.inSync,
    actions: actions + (outcomes?.paid.length ?? 0),
    owed: outcomes?.unpaid.length ?? plan.owed.length,
    differed: differed.slice(0, MOST),
    ...(differed.length > MOST ? { more: differed.length - MOST } : {}),
  };
};
