/** Brings a few resources of one kind to where they should be: look again, gate, act, look once more. */
import { riskOf, type Action } from './action.ts';
import { admit, type Passage } from './admit.ts';
import type { Resource } from './catalog.ts';
import { debtId } from './journal.ts';
import { tellNewRemarks, tellNotes } from './notes.ts';
import type { Outcome, Result } from './outcome.ts';
import { awaitedBy, type Assessment } from './plan.ts';
import { assessAll, typeOf } from './planner.ts';
import { reasonOf } from './reading.ts';
import { opOf, refOf } from './resource-type.ts';
import type { Run } from './run.ts';
import { prepare, prepareAll, type Prepared } from './prepare.ts';
import { SomeFailed } from './some-failed.ts';

const outcome = (resource: Resource, result: Result, actions: number, reason?: string): Outcome => ({
  ref: resource.ref,
  step: resource.step,
  result,
  actions,
  ...(reason === undefined ? {} : { reason }),
});

const act = async (
  run: Run,
  passage: Passage,
  action: Action,
  ready: () => Promise<Prepared>,
  carryOut: () => Promise<void>,
): Promise<void> => {
  const { ref } = passage.resource;
  const began = run.clock();
  run.emit({ event: 'action begins', ref, action, risk: riskOf(action) });
  run.host.watchedBy((text) => {
    run.emit({ event: 'action goes on', ref, text });
  });
  let prepared: Prepared = { owing: [] };
  try {
    prepared = await ready();
    // What cannot be written down first is not done.
    run.journal.begins(ref, action);
    await carryOut();
    run.journal.ended(ref);
    passage.done += 1;
    run.emit({ event: 'action done', ref, action, milliseconds: run.clock() - began });
  } catch (error) {
    const reason = reasonOf(error);
    run.journal.ended(ref, reason);
    passage.error = reason;
    await forgiveIfUntouched(run, passage, prepared);
    run.emit({ event: 'action failed', ref, action, error: reason });
  } finally {
    tellNotes(run, passage.resource.kind, ref);
  }
};

/** A failed action that left everything as it was owes nothing and needs no way back; one that may have changed something does. */
const forgiveIfUntouched = async (
  run: Run,
  { resource, before }: Passage,
  { owing, armed }: Prepared,
): Promise<void> => {
  if (owing.length === 0 && armed === undefined) return;
  const now = (await assessAll([resource], run.types, run.host, run.catalog.resources)).get(resource.ref);
  if (JSON.stringify(now) !== JSON.stringify(before)) return;
  for (const owed of run.debts.owed.filter((one) => owing.includes(debtId(one)))) run.debts.remove(owed);
  if (armed !== undefined) await run.wayBack.disarm(armed);
};

const actOneByOne = async (run: Run, passage: Passage): Promise<void> => {
  const type = typeOf(run.types, passage.resource.kind);
  for (const action of passage.allowed) {
    if (passage.error !== undefined || run.stoppedBy() !== undefined) return;
    await act(
      run,
      passage,
      action,
      () => prepare(run, passage.resource, action),
      () => type.converge(opOf(type, action.does), run.host),
    );
  }
};

/** Of an error that tells whose it is, a resource has its own part, or none. */
const throwOwn = (error: unknown, { kind, ref }: Resource): void => {
  if (!(error instanceof SomeFailed)) throw error;
  const own = [...error.reasons].find(([key]) => refOf(kind, key) === ref);
  if (own !== undefined) throw new Error(own[1], { cause: error.cause });
};

/**
 * All ops in one call: the first passage's turn does the work. An error that does not tell whose it is is everybody's
 * until they are looked at.
 */
const actTogether = async (run: Run, passages: readonly Passage[]): Promise<void> => {
  if (run.stoppedBy() !== undefined) return;
  const type = typeOf(run.types, passages[0]?.resource.kind ?? '');
  const ops = passages.flatMap(({ allowed }) => allowed.map(({ does }) => opOf(type, does)));
  const prepared = await prepareAll(run, passages);
  let result: Promise<void> | undefined;
  const carryOut = async (resource: Resource): Promise<void> => {
    if (prepared.failure !== undefined) throw prepared.failure;
    result ??= type.convergeTogether?.(ops, run.host) ?? Promise.resolve();
    try {
      await result;
    } catch (error) {
      throwOwn(error, resource);
    }
  };
  for (const passage of passages)
    for (const action of passage.allowed)
      await act(
        run,
        passage,
        action,
        () => Promise.resolve(prepared.of.get(action) ?? { owing: [] }),
        () => carryOut(passage.resource),
      );
};

/** How it stands after its actions, by a second read, and what of that only a boot can bring. */
const conclude = (passage: Passage, after: Assessment, stopped: boolean): Outcome => {
  const { resource, skipped } = passage;
  if (skipped !== undefined) return outcome(resource, 'skipped', 0, skipped);
  const awaits = awaitedBy(resource.ref, after);
  return { ...judge(passage, after, stopped), ...(awaits.length === 0 ? {} : { awaits }) };
};

const judge = (
  { resource, before, allowed, held, done, error }: Passage,
  after: Assessment,
  stopped: boolean,
): Outcome => {
  if (before.is === 'unknown') return outcome(resource, 'unknown', 0, before.reason);
  if (before.is === 'refused')
    return outcome(resource, 'failed', 0, before.refusals.map(({ refuses }) => refuses).join('; '));
  const tried = done > 0 || error !== undefined;
  if (after.is === 'in sync') return outcome(resource, tried ? 'converged' : 'in sync', done);
  if (error !== undefined) return outcome(resource, 'failed', done, error);
  if (stopped && done < allowed.length) return outcome(resource, 'skipped', done, 'the run was stopped');
  if (held !== undefined) return outcome(resource, 'held', done, held);
  if (after.is === 'unknown')
    return outcome(resource, 'failed', done, `cannot be read after it converged: ${after.reason}`);
  const remains =
    after.is === 'drift'
      ? after.actions.flatMap(({ changes }) => changes)
      : after.refusals.flatMap(({ changes }) => changes);
  return { ...outcome(resource, 'failed', done, 'still differs after it converged'), remains };
};

/** Converges resources of one kind, that do not depend on each other or that it orders; more than one only if it takes many at once. */
export const convergeGroup = async (run: Run, resources: readonly Resource[]): Promise<Outcome[]> => {
  const fresh = await assessAll(resources, run.types, run.host, run.catalog.resources);
  const passages: Passage[] = [];
  for (const resource of resources)
    passages.push(await admit(run, resource, fresh.get(resource.ref) ?? { is: 'in sync' }, passages));
  const acting = passages.filter(({ allowed }) => allowed.length > 0);
  const [first] = acting;
  if (first === undefined) return passages.map((passage) => conclude(passage, passage.before, false));

  if (typeOf(run.types, first.resource.kind).convergeTogether !== undefined) await actTogether(run, acting);
  else for (const passage of acting) await actOneByOne(run, passage);

  const after = await assessAll(
    acting.map(({ resource }) => resource),
    run.types,
    run.host,
    run.catalog.resources,
  );
  const stopped = run.stoppedBy() !== undefined;
  return passages.map((passage) => {
    const { ref } = passage.resource;
    const now = after.get(ref) ?? passage.before;
    if (passage.allowed.length > 0) tellNewRemarks(run, ref, now);
    return conclude(passage, now, stopped);
  });
};
