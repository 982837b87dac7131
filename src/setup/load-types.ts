import type { Catalog } from '../engine/catalog.ts';
import type { DebtBook } from '../engine/journal.ts';
import type { Types } from '../engine/planner.ts';
import type { AnyResourceType } from '../engine/resource-type.ts';
import { kindLoaders } from '../resources/lazy.ts';

const isKind = (name: string): boolean => Object.hasOwn(kindLoaders, name);

const load = async (name: string): Promise<AnyResourceType> => {
  const loader = kindLoaders[name];
  if (loader === undefined) throw new Error(`no such kind: ${name}`);
  return await loader();
};

/** Only the kinds that are needed are loaded, and those that pay their debts: schemas cost start-up time. */
export const loadTypes = async (names: ReadonlySet<string>): Promise<Types> => {
  const types = new Map<string, AnyResourceType>();
  let missing = [...names];
  while (missing.length > 0) {
    const loaded = await Promise.all(missing.map(async (name) => [name, await load(name)] as const));
    for (const [name, type] of loaded) types.set(name, type);
    missing = [...new Set(loaded.flatMap(([, { owesTo }]) => owesTo ?? []))].filter(
      (name) => !types.has(name),
    );
  }
  return types;
};

/** The kinds of the resources, and those that pay debts. */
export const kindsFor = (catalog: Catalog, debts: DebtBook): ReadonlySet<string> => {
  const names = new Set(catalog.resources.map(({ kind }) => kind));
  // A debt of another version of phoenix may be of a kind that is not known here; it stays owed.
  for (const { debt } of debts.owed) if (isKind(debt.kind)) names.add(debt.kind);
  for (const { owes } of catalog.resources) for (const debt of owes) names.add(debt.kind);
  return names;
};
