/**
 * Order by step, then by what requires what; declaration order breaks ties. If the declarations already stand in a
 * valid order, that is the order.
 */
import type { CatalogProblem, Declared, Resource, Step } from './catalog.ts';
import type { Ref } from './resource-type.ts';

/** A declared resource and the names that its kind derives: those that are not in the catalog are dropped. */
export interface Unordered {
  readonly resource: Declared;
  readonly derives: readonly Ref[];
}

export interface Ordered {
  readonly resources: readonly Resource[];
  readonly problems: readonly CatalogProblem[];
}

type Edges = ReadonlyMap<Ref, readonly Ref[]>;

const edgesOf = (
  all: readonly Unordered[],
  stepOf: ReadonlyMap<Ref, number>,
  problems: CatalogProblem[],
): Edges => {
  const edges = new Map<Ref, readonly Ref[]>();
  for (const { resource, derives } of all) {
    const own = stepOf.get(resource.ref) ?? 0;
    const needed = new Set<Ref>();
    for (const ref of resource.requires) {
      const step = stepOf.get(ref);
      if (step === undefined)
        problems.push({
          at: [...resource.at, 'requires'],
          message: `${resource.ref} requires ${ref}, which is not in the manifest`,
        });
      else if (step > own)
        problems.push({
          at: [...resource.at, 'requires'],
          message: `${resource.ref} requires ${ref}, which comes in a later step`,
        });
      else needed.add(ref);
    }
    // The order of the steps is a promise: a derived name that comes later is no requirement.
    for (const ref of derives)
      if (ref !== resource.ref && (stepOf.get(ref) ?? Infinity) <= own) needed.add(ref);
    edges.set(resource.ref, [...needed]);
  }
  return edges;
};

interface Visit {
  readonly ref: Ref;
  next: number;
}

/** Depth first, without recursion: a chain may be as long as the manifest. Calls `cycle` with each whole cycle found. */
const sort = (refs: readonly Ref[], edges: Edges, cycle: (refs: readonly Ref[]) => void): Ref[] => {
  const state = new Map<Ref, 'open' | 'done'>();
  const sorted: Ref[] = [];
  for (const start of refs) {
    if (state.has(start)) continue;
    const stack: Visit[] = [{ ref: start, next: 0 }];
    state.set(start, 'open');
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const needed = edges.get(top.ref)?.[top.next++];
      if (needed === undefined) {
        state.set(top.ref, 'done');
        sorted.push(top.ref);
        stack.pop();
      } else if (!state.has(needed)) {
        state.set(needed, 'open');
        stack.push({ ref: needed, next: 0 });
      } else if (state.get(needed) === 'open') {
        cycle(stack.slice(stack.findIndex(({ ref }) => ref === needed)).map(({ ref }) => ref));
      }
    }
  }
  return sorted;
};

export const order = (all: readonly Unordered[], steps: readonly Step[]): Ordered => {
  const problems: CatalogProblem[] = [];
  const indexOfStep = new Map(steps.map(({ name }, index) => [name, index]));
  const byRef = new Map(all.map((one) => [one.resource.ref, one.resource]));
  const stepOf = new Map(all.map(({ resource }) => [resource.ref, indexOfStep.get(resource.step) ?? 0]));
  const edges = edgesOf(all, stepOf, problems);

  const declared = all
    .map(({ resource }) => resource.ref)
    .sort((a, b) => (stepOf.get(a) ?? 0) - (stepOf.get(b) ?? 0));
  const sorted = sort(declared, edges, (cycle) => {
    const [first] = cycle;
    if (first === undefined) return;
    problems.push({
      at: byRef.get(first)?.at ?? [],
      message: `these require each other in a circle: ${[...cycle, first].join(' → ')}`,
    });
  });
  const resources = sorted.flatMap((ref) => {
    const resource = byRef.get(ref);
    return resource === undefined ? [] : [{ ...resource, requires: edges.get(ref) ?? [] }];
  });
  return { resources, problems };
};
