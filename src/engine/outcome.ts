/** How a run ended, resource by resource, and the exit code that says so. */
import type { Change } from './action.ts';
import type { Awaited, OwedDebt, Plan } from './plan.ts';
import type { Ref } from './resource-type.ts';

export const RESULTS = ['in sync', 'converged', 'held', 'skipped', 'unknown', 'failed'] as const;
export type Result = (typeof RESULTS)[number];

export interface Outcome {
  readonly ref: Ref;
  readonly step: string;
  readonly result: Result;
  /** Why it is not as it should be; for people. */
  readonly reason?: string;
  /** What still differs after it converged. */
  readonly remains?: readonly Change[];
  /** How many actions were carried out. */
  readonly actions: number;
  /** What it needs the next boot for, after its actions. */
  readonly awaits?: readonly Awaited[];
}

/** Something worth knowing that is no failure. */
export interface Noted {
  readonly ref: Ref;
  readonly text: string;
}

/** Of one step. */
export interface Untouched {
  readonly step: string;
  readonly refs: readonly Ref[];
}

export interface Outcomes {
  /** Those that were looked at again, or would have been. */
  readonly resources: readonly Outcome[];
  /** All others: in sync when the plan was made, and nothing that they require has changed since. They may be thousands. */
  readonly untouched: readonly Untouched[];
  readonly notes: readonly Noted[];
  /** Debts that could not be paid, or were not allowed to be. */
  readonly unpaid: readonly { readonly owed: OwedDebt; readonly held: boolean; readonly reason: string }[];
  readonly paid: readonly OwedDebt[];
  /** What the next boot brings into effect, of all that was in the plan; left out when no reboot is owed. */
  readonly reboot?: readonly Awaited[];
  /** The signal that ended the run early. */
  readonly stoppedBy?: 'SIGINT' | 'SIGTERM';
}

/** How many resources ended so. */
export const countOf = ({ resources, untouched }: Outcomes, result: Result): number =>
  resources.filter((outcome) => outcome.result === result).length +
  (result === 'in sync' ? untouched.reduce((sum, { refs }) => sum + refs.length, 0) : 0);

/** What the next boot is awaited for, now: as the plan had it, but for what was looked at again since. */
export const awaitedNow = (plan: Plan, resources: readonly Outcome[]): readonly Awaited[] => {
  const acted = new Map(resources.filter(({ actions }) => actions > 0).map((one) => [one.ref, one]));
  return [
    ...(plan.reboot ?? []).filter(({ ref }) => !acted.has(ref)),
    ...[...acted.values()].flatMap(({ awaits = [] }) => awaits),
  ];
};

/** The exit codes that the command line documents. */
export const EXIT = {
  done: 0,
  bug: 1,
  drift: 2,
  held: 3,
  failed: 4,
  driftAndUnknown: 6,
  usage: 64,
  locked: 75,
  noPermission: 77,
  badManifest: 78,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

export const exitCodeOfCheck = ({ resources }: Plan): number => {
  const unreadable = resources.some(({ is }) => is === 'unknown');
  const drift = resources.some(({ is }) => is !== 'unknown');
  if (unreadable) return drift ? EXIT.driftAndUnknown : EXIT.failed;
  return drift ? EXIT.drift : EXIT.done;
};

export const exitCodeOf = ({ resources, unpaid, stoppedBy }: Outcomes): number => {
  if (stoppedBy !== undefined) return EXIT[stoppedBy];
  const results = new Set(resources.map(({ result }) => result));
  if (results.has('failed') || results.has('unknown') || unpaid.some(({ held }) => !held)) return EXIT.failed;
  if (results.has('held') || results.has('skipped') || unpaid.length > 0) return EXIT.held;
  return EXIT.done;
};
