/** Resources that are named in passing: whose declaration counts, and where it stands. */
import { refOf, type AnyResourceType, type Ref } from '../engine/resource-type.ts';
import type { Entry, StepDefinition } from './step.ts';

export interface Stepped {
  readonly entry: Entry;
  readonly step: StepDefinition;
  readonly at: readonly PropertyKey[];
  /** From a later step: what it needs itself must come with it. */
  readonly moved?: boolean;
}

type Types = ReadonlyMap<string, AnyResourceType>;

const nameOf = ({ entry }: Stepped, types: Types): Ref | undefined => {
  const type = types.get(entry.kind);
  return type && refOf(entry.kind, type.key(entry.desired));
};

/** By name: the first that declares it; else the first that names it in passing. */
const authorities = (all: readonly Stepped[], types: Types): ReadonlyMap<Ref, Stepped> => {
  const found = new Map<Ref, Stepped>();
  for (const inPassing of [false, true])
    for (const one of all) {
      const name = nameOf(one, types);
      if (name !== undefined && (one.entry.inPassing ?? false) === inPassing && !found.has(name))
        found.set(name, one);
    }
  return found;
};

/** Of several entries that name one resource, the one that declares it, at the place of the first that needs it. */
export const settlePassing = (all: readonly Stepped[], types: Types): Stepped[] => {
  const authority = authorities(all, types);
  const placed = new Set<Stepped>();
  return all.flatMap((one) => {
    const name = nameOf(one, types);
    const own = (one.entry.inPassing && name !== undefined ? authority.get(name) : undefined) ?? one;
    if (placed.has(own)) return [];
    placed.add(own);
    return [own.step === one.step ? own : { ...own, step: one.step, moved: true }];
  });
};
