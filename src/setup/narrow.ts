import type { Catalog, Resource } from '../engine/catalog.ts';
import type { Ref } from '../engine/resource-type.ts';

/** A name or step on the command line that the manifest does not have. */
export class NotInManifest extends Error {}

const withRequirements = (resources: readonly Resource[], only: readonly Ref[]): ReadonlySet<Ref> => {
  const byRef = new Map(resources.map((resource) => [resource.ref, resource]));
  const wanted = new Set<Ref>();
  const todo = [...only];
  for (let ref = todo.pop(); ref !== undefined; ref = todo.pop()) {
    const resource = byRef.get(ref);
    if (resource === undefined) throw new NotInManifest(`--only ${ref}: the manifest has no such resource`);
    if (wanted.has(ref)) continue;
    wanted.add(ref);
    todo.push(...resource.requires);
  }
  return wanted;
};

/** What is left of a catalog for `--only` (and what those require) and `--skip`. */
export const narrow = (catalog: Catalog, only: readonly Ref[], skip: readonly string[]): Catalog => {
  const unknown = skip.find((name) => !catalog.steps.some((step) => step.name === name));
  if (unknown !== undefined)
    throw new NotInManifest(
      `--skip ${unknown}: there is no such step; the steps are ${catalog.steps.map(({ name }) => name).join(', ')}`,
    );
  if (only.length === 0 && skip.length === 0) return catalog;
  const wanted = only.length === 0 ? undefined : withRequirements(catalog.resources, only);
  return {
    ...catalog,
    steps: catalog.steps.filter(({ name }) => !skip.includes(name)),
    resources: catalog.resources.filter(
      ({ ref, step }) => !skip.includes(step) && (wanted?.has(ref) ?? true),
    ),
  };
};
