import type { Resource } from '../engine/catalog.ts';
import type { Explanation, Related } from '../engine/explanation.ts';
import { assessAll } from '../engine/planner.ts';
import type { Ref } from '../engine/resource-type.ts';
import { RealReader } from '../host/real-reader.ts';
import type { ManifestSource } from './list-live.ts';
import { loadCatalog } from './load-catalog.ts';
import { loadTypes } from './load-types.ts';
import { NotInManifest } from './narrow.ts';

/** One resource in its surroundings: how it stands, what it waits for, what waits for it. */
export const explain = async (
  { manifest, state, build, program }: ManifestSource,
  ref: Ref,
): Promise<Explanation> => {
  const { catalog } = await loadCatalog(manifest, state, build, { program });
  const resource = catalog.resources.find((one) => one.ref === ref);
  if (resource === undefined) throw new NotInManifest(`${ref} is not in ${manifest}`);
  const step = catalog.steps.find(({ name }) => name === resource.step) ?? { name: resource.step, number: 0 };
  const dependents = catalog.resources.filter(({ requires }) => requires.includes(ref));
  const required = catalog.resources.filter((one) => resource.requires.includes(one.ref));
  const all = [resource, ...required, ...dependents];
  const types = await loadTypes(new Set(all.map(({ kind }) => kind)));
  const assessments = await assessAll(all, types, new RealReader(), catalog.resources);
  const related = (resources: readonly Resource[]): Related[] =>
    resources.map((one) => ({ ref: one.ref, state: assessments.get(one.ref)?.is ?? 'unknown' }));
  return {
    resource,
    step,
    assessment: assessments.get(ref) ?? { is: 'unknown', reason: 'not read' },
    ...(catalog.confirmation === undefined ? {} : { confirmation: catalog.confirmation }),
    requires: related(required),
    requiredBy: related(dependents),
  };
};
