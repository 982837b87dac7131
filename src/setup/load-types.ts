import type { Types } from '../engine/planner.ts';
import type { AnyResourceType } from '../engine/resource-type.ts';
import { kindLoaders } from '../resources/lazy.ts';

export const isKind = (name: string): boolean => Object.hasOwn(kindLoaders, name);

/** Only the kinds that are needed are loaded: their schemas cost start-up time. */
export const loadTypes = async (names: ReadonlySet<string>): Promise<Types> =>
  new Map(
    await Promise.all(
      [...names].map(async (name): Promise<[string, AnyResourceType]> => {
        const load = kindLoaders[name];
        if (load === undefined) throw new Error(`no such kind: ${name}`);
        return [name, await load()];
      }),
    ),
  );
