import type { Ref } from '../../engine/resource-type.ts';
import type { Carried } from '../../engine/rollback.ts';
import { loadCatalog } from '../load-catalog.ts';
import type { Setting } from '../setting.ts';

/** What the manifest declares now as the run did that is taken back; undefined where there is no manifest to ask. */
export const stillDeclared = async (
  manifest: string,
  { state, build, program }: Setting,
  carried: readonly Carried[],
): Promise<readonly Ref[] | undefined> => {
  try {
    const { catalog } = await loadCatalog(manifest, state, build, { program });
    const now = new Map(catalog.resources.map(({ ref, desired }) => [ref, JSON.stringify(desired)]));
    return carried
      .map(({ resource }) => resource)
      .filter(({ ref, desired }) => now.get(ref) === JSON.stringify(desired))
      .map(({ ref }) => ref);
  } catch {
    return undefined;
  }
};
