/**
 * A run taken back, as a plan like any other: for each resource that it changed, what its kind would do now against what
 * the run declared. A property that is as declared is taken back by the undo of the action that made it so; one that is
 * as it was before the run is back already; one that is neither was changed by somebody else since.
 */
import {
  isAction,
  isRefusal,
  riskier,
  type Action,
  type Change,
  type Finding,
  type Op,
  type Refusal,
  type Risk,
} from './action.ts';
import type { Catalog, Resource } from './catalog.ts';
import type { AnyResourceType, Ref } from './resource-type.ts';

/** What a run did to one resource. */
export interface Carried {
  /** As it was declared then. */
  readonly resource: Resource;
  /** In their order; also what failed half way, or was cut off. */
  readonly actions: readonly Action[];
  /** All that was planned for it: what was not carried out is as it was before. Not known of a run that was cut off. */
  readonly planned: readonly Action[] | undefined;
  /** Taken back whatever has become of it since. */
  readonly whatever: boolean;
}

interface Changing {
  readonly changes: readonly Change[];
  readonly undo?: Action['undo'];
}

/** What a property is found as. Of a secret neither side is told, but the undo of its action knows it by its hash. */
const sideOf = ({ path, from, as }: Change, { undo }: Changing): string =>
  JSON.stringify([path, as === 'secret' ? (undo ?? null) : (from ?? null)]);

const sidesOf = (findings: readonly Changing[]): ReadonlySet<string> =>
  new Set(findings.flatMap((one) => one.changes.map((change) => sideOf(change, one))));

/** Its kind would do the same now: what it changed is as it was before. */
const isBack = (action: Action, proposed: readonly Action[], sides: ReadonlySet<string>): boolean =>
  action.changes.length === 0
    ? proposed.some(({ does }) => does.op === action.does.op)
    : action.changes.every((change) => sides.has(sideOf(change, action)));

const isNothing = (value: unknown): boolean => value === null || value === undefined || value === '';

/** To remove what is used since is not as harmless as it was to make it. */
const riskOfUndo = ({ risk, changes }: Action): Risk =>
  changes.length > 0 && changes.every(({ from }) => isNothing(from)) && !riskier(risk, 'disruptive')
    ? 'disruptive'
    : risk;

const turned = ({ path, from, to, ...rest }: Change): Change => ({ path, from: to, to: from, ...rest });

/** Its own undo is the action itself: with that it may take itself back, unconfirmed. */
const inverse = (action: Action, op: Op): Action => ({
  does: op,
  description: `take back: ${action.description}`,
  risk: riskOfUndo(action),
  changes: action.changes.map(turned),
  undo: { by: action.does },
  ...(action.owes === undefined ? {} : { owes: action.owes }),
  ...(action.cutsOff === undefined ? {} : { cutsOff: action.cutsOff }),
});

const again = (action: Action): Action => ({
  ...action,
  description: `once more: ${action.description}`,
  changes: [],
});

const remarksOn = (actions: readonly Action[]): Finding[] =>
  actions.flatMap(({ description, undo }) =>
    'none' in undo ? [{ remarks: `cannot be taken back: ${description}: ${undo.none}` }] : [],
  );

const changedSince = (strange: readonly Change[], refusals: readonly Refusal[], run: string): Refusal => ({
  refuses:
    refusals.length > 0
      ? `it is not as run ${run} left it: ${refusals.map(({ refuses }) => refuses).join('; ')}`
      : `it was changed since run ${run}, and is neither as that left it nor as it was before; look at it, then name it with --even-changed`,
  changes: [...strange, ...refusals.flatMap(({ changes }) => changes)],
});

/** Properties that are neither as declared nor as they were. */
const strangeIn = (proposed: readonly Action[], { actions, planned }: Carried): readonly Change[] => {
  const known = sidesOf([...actions, ...(planned ?? [])]);
  const touched = new Set(actions.flatMap(({ changes }) => changes.map(({ path }) => path)));
  return proposed
    .flatMap((one) => one.changes.filter((change) => !known.has(sideOf(change, one))))
    .filter(({ path }) => planned !== undefined || touched.has(path));
};

/** What is to be done to take one resource back, given what its kind finds against the declaration of the run. */
export const findingsOfRollback = (carried: Carried, found: readonly Finding[], run: string): Finding[] => {
  const { actions, whatever } = carried;
  const proposed = found.filter(isAction);
  const refusals = found.filter(isRefusal);
  const sides = sidesOf([...proposed, ...refusals]);
  const remarks = remarksOn(actions);
  const inEffect = actions.filter(({ undo }) => 'by' in undo).filter((one) => !isBack(one, proposed, sides));
  if (inEffect.length === 0) return remarks;
  const strange = strangeIn(proposed, carried);
  if (!whatever && strange.length + refusals.length > 0)
    return [changedSince(strange, refusals, run), ...remarks];
  return [
    ...inEffect
      .toReversed()
      .flatMap((action) => ('by' in action.undo ? [inverse(action, action.undo.by)] : [])),
    ...actions.filter(({ undo }) => 'again' in undo).map(again),
    ...remarks,
  ];
};

/** The kind as it is, but for what it decides; and one by one, unless it says that it takes many back at once. */
export const takingBack = (
  kind: AnyResourceType,
  carriedBy: (key: string) => Carried | undefined,
  run: string,
): AnyResourceType => {
  const type: AnyResourceType = {
    ...kind,
    diff: (desired, actual) => {
      const own = carriedBy(kind.key(desired));
      return own === undefined ? [] : findingsOfRollback(own, kind.diff(desired, actual), run);
    },
  };
  if (kind.takesBackTogether !== true) delete type.convergeTogether;
  return type;
};

/** The last first, and what was required goes after what required it. */
export const rollbackCatalog = (
  steps: Catalog['steps'],
  resources: readonly Resource[],
  confirmation: Catalog['confirmation'],
): Catalog => {
  const waitingFor = (ref: Ref): Ref[] =>
    resources.filter(({ requires }) => requires.includes(ref)).map((one) => one.ref);
  const turnedStep = (step: Catalog['steps'][number]) => ({ ...step, afterSuccess: false });
  return {
    steps: steps.toReversed().map(turnedStep),
    // What any change of it owes is in its actions already.
    resources: resources.toReversed().map((one) => ({ ...one, requires: waitingFor(one.ref), owes: [] })),
    backwards: true,
    ...(confirmation === undefined ? {} : { confirmation }),
  };
};
