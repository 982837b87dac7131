/** What a section needs of later ones: the Unix user of a Samba account may be an administrator, who comes after it. */
import type { Unordered } from '../engine/order.ts';
import type { Ref } from '../engine/resource-type.ts';

/** By the name of the resource that needs them. */
export type Needs = ReadonlyMap<Ref, readonly Ref[]>;

/** What a resource requires by its section and by its kind. */
export const requiredBy = ({ resource, derives }: Unordered): readonly Ref[] => [
  ...resource.requires,
  ...derives,
];

/**
 * Moves what is needed up to the step that needs it, and with it what it needs and requires in turn: its groups, its
 * owner. What the manifest does not declare is not needed: it may be on the host already.
 */
export const pullForward = (
  all: readonly Unordered[],
  needs: Needs,
  indexOfStep: ReadonlyMap<string, number>,
): Unordered[] => {
  const byRef = new Map(all.map((one) => [one.resource.ref, one]));
  const indexOf = (step: string): number => indexOfStep.get(step) ?? 0;

  const pull = (ref: Ref, step: string): void => {
    const one = byRef.get(ref);
    if (one === undefined || indexOf(one.resource.step) <= indexOf(step)) return;
    // What is to go is not needed: it goes in its own step, when nothing uses it any more.
    if ((one.resource.desired as { ensure?: unknown }).ensure === 'absent') return;
    byRef.set(ref, { ...one, resource: { ...one.resource, step } });
    for (const next of [...(needs.get(ref) ?? []), ...requiredBy(one)]) pull(next, step);
  };

  for (const [ref, needed] of needs) {
    const step = byRef.get(ref)?.resource.step;
    if (step !== undefined) for (const one of needed) pull(one, step);
  }
  return all.map((one) => byRef.get(one.resource.ref) ?? one);
};
