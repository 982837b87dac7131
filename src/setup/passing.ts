/** Resources that are named in passing: whose declaration counts, and where it stands. */
import { refOf, type AnyResourceType, type Ref } from '../engine/resource-type.ts';
import type { Entry, StepDefinition } from './step.ts';

export interface Stepped {
  readonly entry: Entry;
  readonly step: StepDefinition;
  readonly at: readonly PropertyKey[];
}

type Types = ReadonlyMap<string, AnyResourceType>;

const nameOf = ({ entry }: Stepped, types: Types): Ref | undefined => {
  const type = types.get(entry.kind);
  return type && refOf(entry.kind, type.key(entry.desired));
};

/** By name: the first that declares it; else the first that names it in passing and would have it made. */
const authorities = (all: readonly Stepped[], types: Types): ReadonlyMap<Ref, Stepped> => {
  const found = new Map<Ref, Stepped>();
  const take = (counts: (inPassing: Entry['inPassing']) => boolean): void => {
    for (const one of all) {
      const name = nameOf(one, types);
      if (name !== undefined && counts(one.entry.inPassing) && !found.has(name)) found.set(name, one);
    }
  };
  take((inPassing) => inPassing === undefined || inPassing === false);
  take((inPassing) => inPassing === true);
  return found;
};

/** Of a declaration that is not valid nothing can be said; it is reported by itself. */
const needsOf = ({ entry }: Stepped, types: Types): readonly Ref[] => {
  const type = types.get(entry.kind);
  const parsed = type?.desired.safeParse(entry.desired);
  const derived = parsed?.success ? (type?.requires?.(parsed.data) ?? []) : [];
  return [...(entry.requires ?? []), ...derived];
};

/**
 * Of several entries that name one resource, the one that declares it, at the place of the first that needs it. What
 * comes from a later step that way brings along what it needs from later steps itself: a directory its owner.
 */
export const settlePassing = (all: readonly Stepped[], types: Types): Stepped[] => {
  if (!all.some(({ entry }) => entry.inPassing)) return [...all];
  const authority = authorities(all, types);
  const position = new Map(all.map((one, index) => [one, index]));
  const placed = new Set<Stepped>();
  const settled: Stepped[] = [];

  const bringForward = (name: Ref, to: StepDefinition, before: number): void => {
    const own = authority.get(name);
    if (own === undefined || placed.has(own) || (position.get(own) ?? 0) < before) return;
    placed.add(own);
    if (own.step !== to) for (const needed of needsOf(own, types)) bringForward(needed, to, before);
    settled.push({ ...own, step: to });
  };

  for (const [index, one] of all.entries()) {
    const name = nameOf(one, types);
    if (name !== undefined && one.entry.inPassing) bringForward(name, one.step, index);
    else if (!placed.has(one)) {
      placed.add(one);
      settled.push(one);
    }
  }
  return settled;
};
