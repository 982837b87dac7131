/** From a valid manifest to the catalog: every resource, in order, or everything that is wrong with it as a whole. */
import type { Catalog, CatalogProblem, Declared, Step } from '../engine/catalog.ts';
import { order, type Unordered } from '../engine/order.ts';
import { reasonOf } from '../engine/reading.ts';
import { refOf, type AnyResourceType, type Ref } from '../engine/resource-type.ts';
import type { PayloadReader } from '../host/host.ts';
import { kinds } from '../resources/index.ts';
import { findDoubleUse } from './double-use.ts';
import { findGpuConflicts } from './gpu-use.ts';
import type { Manifest } from './manifest-schema.ts';
import { policyOf } from './reboot-schema.ts';
import { settlePassing, type Stepped } from './passing.ts';
import { pullForward, requiredBy } from './pull-forward.ts';
import { findRivals } from './rivals.ts';
import { scheduleOf } from './schedule-schema.ts';
import type { StepContext, StepDefinition } from './step.ts';
import { STEPS } from './steps.ts';
import { confirmationOf } from './way-back-schema.ts';

export interface Compiled {
  readonly catalog: Catalog;
  readonly problems: readonly CatalogProblem[];
}

const types = new Map(kinds.map(({ type }) => [type.kind, type]));

const entriesOf = (manifest: Manifest, context: StepContext): Stepped[] =>
  (STEPS as readonly StepDefinition[]).flatMap((step) =>
    step
      .resources((manifest as Record<string, unknown>)[step.section], context, manifest)
      .map((entry) => ({ entry, step, at: [step.section, ...entry.at] })),
  );

/** Fills in the kind's defaults and applies the rules that hold between its fields. */
const declare = (
  { entry, step, at }: Stepped,
  type: AnyResourceType,
  payload: PayloadReader,
  problems: CatalogProblem[],
): Unordered | undefined => {
  const parsed = type.desired.safeParse(entry.desired);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map(({ path, message }) => ({ at: [...at, ...path], message })));
    return undefined;
  }
  try {
    const desired = type.resolve?.(parsed.data, payload) ?? parsed.data;
    const resource: Declared = {
      ref: refOf(type.kind, type.key(desired)),
      kind: type.kind,
      step: step.name,
      desired,
      requires: entry.requires ?? [],
      owes: entry.owes ?? [],
      at,
    };
    return { resource, derives: type.requires?.(desired) ?? [] };
  } catch (error) {
    problems.push({ at, message: reasonOf(error) });
    return undefined;
  }
};

const stepsOf = (): Step[] =>
  STEPS.map(({ number, name, ...rest }: StepDefinition) => ({
    number,
    name,
    afterSuccess: rest.afterSuccess ?? false,
  }));

/** Pure but for `payload`. */
export const compile = (manifest: Manifest, context: StepContext, payload: PayloadReader): Compiled => {
  const problems: CatalogProblem[] = [];
  const declared: Unordered[] = [];
  const needs = new Map<Ref, readonly Ref[]>();
  for (const stepped of settlePassing(entriesOf(manifest, context), types)) {
    const type = types.get(stepped.entry.kind);
    if (type === undefined)
      throw new Error(`step ${stepped.step.name} names an unknown kind, ${stepped.entry.kind}`);
    const one = declare(stepped, type, payload, problems);
    if (one === undefined) continue;
    declared.push(one);
    needs.set(one.resource.ref, [...(stepped.entry.needs ?? []), ...(stepped.moved ? requiredBy(one) : [])]);
  }
  const resources = declared.map(({ resource }) => resource);
  problems.push(...findRivals(declared, types), ...findDoubleUse(resources), ...findGpuConflicts(resources));
  const steps = stepsOf();
  const indexOfStep = new Map(steps.map(({ name }, index) => [name, index]));
  const ordered = order(pullForward(declared, needs, indexOfStep), steps);
  const confirmation = confirmationOf(manifest.wayBack);
  const reboot = policyOf(manifest.reboot);
  return {
    catalog: {
      steps,
      resources: ordered.resources,
      confirmation,
      ...(reboot.when === 'never' ? {} : { reboot }),
      ...(manifest.notify === undefined ? {} : { notify: manifest.notify }),
      ...(manifest.schedule === undefined ? {} : { schedule: scheduleOf(manifest.schedule) }),
    },
    problems: [...problems, ...ordered.problems],
  };
};
