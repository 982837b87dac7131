import type { Resource, Step } from './catalog.ts';
import { convergeGroup } from './converge-group.ts';
import {
  awaitedNow,
  type Noted,
  type Outcome,
  type Outcomes,
  type Result,
  type Untouched,
} from './outcome.ts';
import { grouped } from './grouped.ts';
import type { OwedDebt } from './plan.ts';
import { typeOf } from './planner.ts';
import type { Ref } from './resource-type.ts';
import type { Run } from './run.ts';
import { settle } from './settle.ts';
import { settleWayBack } from './settle-way-back.ts';

const GOOD: ReadonlySet<Result> = new Set<Result>(['in sync', 'converged']);

/** What has happened so far, for those that come later. */
interface Progress {
  /** None of those that are in sync and need no look. */
  readonly outcomes: Map<Ref, Outcome>;
  /** Those that have converged: who depends on one of them is looked at again. */
  readonly converged: Set<Ref>;
  readonly paid: OwedDebt[];
  readonly unpaid: Outcomes['unpaid'][number][];
  /** The first step that failed. */
  failedStep?: string;
}

const skipped = ({ ref, step }: Resource, reason: string): Outcome => ({
  ref,
  step,
  result: 'skipped',
  reason,
  actions: 0,
});

const whyNot = (progress: Progress, resource: Resource): string | undefined => {
  for (const ref of resource.requires) {
    const outcome = progress.outcomes.get(ref);
    if (outcome !== undefined && !GOOD.has(outcome.result))
      return `requires ${ref}, which is ${wordFor(outcome.result)}`;
  }
  return undefined;
};

const wordFor = (result: Result): string =>
  result === 'held' ? 'held back' : result === 'unknown' ? 'unreadable' : result;

const allGood = ({ outcomes, unpaid }: Progress): boolean =>
  unpaid.length === 0 && [...outcomes.values()].every(({ result }) => GOOD.has(result));

/** In sync in the plan, and nothing that it depends on has changed since. */
const stillInSync = (
  { converged }: Progress,
  drifted: ReadonlySet<Ref>,
  { ref, requires }: Resource,
): boolean =>
  !drifted.has(ref) && (converged.size === 0 || !requires.some((required) => converged.has(required)));

/**
 * Where the group that begins at `from` ends: neighbours that their kind takes at once, none waiting for another, but in a
 * run taken back.
 */
const endOfGroup = (run: Run, resources: readonly Resource[], from: number): number => {
  const kind = resources[from]?.kind ?? '';
  if (typeOf(run.types, kind).convergeTogether === undefined) return from + 1;
  const refs = new Set<Ref>();
  let end = from;
  for (; end < resources.length; end += 1) {
    const next = resources[end];
    if (next?.kind !== kind) break;
    if (run.catalog.backwards !== true && next.requires.some((ref) => refs.has(ref))) break;
    refs.add(next.ref);
  }
  return end;
};

/** Settles without acting what needs no action, or may have none; returns those that are left. */
const sift = (
  run: Run,
  progress: Progress,
  drifted: ReadonlySet<Ref>,
  group: readonly Resource[],
): Resource[] =>
  group.filter((resource) => {
    if (stillInSync(progress, drifted, resource)) return false;
    const reason =
      whyNot(progress, resource) ?? (run.stoppedBy() === undefined ? undefined : 'the run was stopped');
    if (reason === undefined) return true;
    record(run, progress, skipped(resource, reason));
    return false;
  });

const record = (run: Run, progress: Progress, outcome: Outcome): void => {
  progress.outcomes.set(outcome.ref, outcome);
  if (outcome.result === 'converged') progress.converged.add(outcome.ref);
  else progress.converged.delete(outcome.ref);
  run.emit({ event: 'resource', outcome });
};

const convergeStep = async (
  run: Run,
  progress: Progress,
  drifted: ReadonlySet<Ref>,
  resources: readonly Resource[],
) => {
  for (let from = 0; from < resources.length;) {
    const first = resources[from];
    // Nearly all of thousands are in sync: they need no group.
    if (first === undefined || stillInSync(progress, drifted, first)) {
      from += 1;
      continue;
    }
    const end = endOfGroup(run, resources, from);
    const left = sift(run, progress, drifted, resources.slice(from, end));
    from = end;
    if (left.length > 0) for (const outcome of await convergeGroup(run, left)) record(run, progress, outcome);
  }
};

const whyStepIsSkipped = (run: Run, progress: Progress, step: Step): string | undefined => {
  if (progress.failedStep !== undefined && !run.keepGoing) return `step ${progress.failedStep} failed`;
  if (step.afterSuccess && !allGood(progress)) return 'not everything before has succeeded';
  return undefined;
};

const skipStep = (
  run: Run,
  progress: Progress,
  drifted: ReadonlySet<Ref>,
  resources: readonly Resource[],
  reason: string,
) => {
  for (const resource of resources)
    if (drifted.has(resource.ref)) record(run, progress, skipped(resource, reason));
};

const untouchedIn = (ofStep: ReadonlyMap<string, readonly Resource[]>, { outcomes }: Progress): Untouched[] =>
  [...ofStep]
    .map(([step, resources]) => ({
      step,
      refs: resources.map(({ ref }) => ref).filter((ref) => !outcomes.has(ref)),
    }))
    .filter(({ refs }) => refs.length > 0);

const hasFailed = ({ outcomes }: Progress, { name }: Step): boolean =>
  [...outcomes.values()].some(
    ({ step, result }) => step === name && (result === 'failed' || result === 'unknown'),
  );

/** Keeps what is noted for the end of the run, where it is looked for. */
const keepingNotes = (run: Run, notes: Noted[]): Run => ({
  ...run,
  emit: (event) => {
    if (event.event === 'noted') notes.push({ ref: event.ref, text: event.text });
    run.emit(event);
  },
});

/** Carries out a plan, step by step, in the order of the catalog. */
export const converge = async (given: Run): Promise<Outcomes> => {
  const progress: Progress = {
    outcomes: new Map(),
    converged: new Set(),
    paid: [],
    unpaid: [],
  };
  const notes: Noted[] = [];
  const run = keepingNotes(given, notes);
  const drifted = new Set(run.plan.resources.map(({ ref }) => ref));
  const stepNames = new Set(run.stepNames);
  const pay = async (due: (owed: OwedDebt) => boolean): Promise<boolean> => {
    const { paid, unpaid } = await settle(run, due);
    progress.paid.push(...paid);
    progress.unpaid.push(...unpaid);
    return unpaid.some(({ held }) => !held);
  };
  // Of steps that the manifest no longer has.
  await pay(({ step }) => !stepNames.has(step));

  const ofStep = grouped(run.catalog.resources, ({ step }) => step);
  for (const step of run.catalog.steps) {
    const resources = ofStep.get(step.name) ?? [];
    const reason = whyStepIsSkipped(run, progress, step);
    if (reason !== undefined) {
      skipStep(run, progress, drifted, resources, reason);
      continue;
    }
    if (run.plan.resources.some(({ step: of }) => of === step.name))
      run.emit({ event: 'step begins', step: step.name, number: step.number });
    await convergeStep(run, progress, drifted, resources);
    // Also when something failed: what did change must not wait for its reload.
    const debtFailed = await pay((owed) => owed.step === step.name);
    const failed = debtFailed || hasFailed(progress, step);
    for (const outcome of await settleWayBack(run, progress.outcomes, failed)) record(run, progress, outcome);
    if (failed || hasFailed(progress, step)) progress.failedStep ??= step.name;
  }

  const stoppedBy = run.stoppedBy();
  const outcomes = [...progress.outcomes.values()];
  const reboot = awaitedNow(run.plan, outcomes);
  return {
    resources: outcomes,
    untouched: untouchedIn(ofStep, progress),
    notes,
    paid: progress.paid,
    unpaid: progress.unpaid,
    ...(reboot.length === 0 ? {} : { reboot }),
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
  };
};
