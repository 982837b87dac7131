/** The end of a step that could have cut the operator off: nothing goes on until it is confirmed or taken back. */
import type { Outcome } from './outcome.ts';
import type { Ref } from './resource-type.ts';
import type { Run } from './run.ts';
import type { Verdict } from './way-back.ts';

const reasonFor = (verdict: Exclude<Verdict, { is: 'confirmed' }>): string => {
  if (verdict.is === 'open') return verdict.why;
  const errors = verdict.errors.length === 0 ? '' : `; on the way back: ${verdict.errors.join('; ')}`;
  return `taken back: ${verdict.why}${errors}`;
};

/** What becomes of the resources whose change was not confirmed. */
export const settleWayBack = async (
  run: Run,
  outcomes: ReadonlyMap<Ref, Outcome>,
  failed: boolean,
): Promise<Outcome[]> => {
  const refs = [...new Set(run.wayBack.armed.map(({ ref }) => ref))];
  if (refs.length === 0) return [];
  const verdict = await run.wayBack.settle(failed);
  run.emit({ event: 'way back', refs, verdict });
  // What was taken back was changed by somebody else, as far as the facts know.
  run.host.lookAnew();
  if (verdict.is === 'confirmed') return [];
  return refs.flatMap((ref) => {
    const outcome = outcomes.get(ref);
    if (outcome === undefined) return [];
    const own = outcome.result === 'failed' && outcome.reason !== undefined ? `${outcome.reason}; ` : '';
    return [{ ...outcome, result: 'failed', reason: `${own}${reasonFor(verdict)}` }];
  });
};
