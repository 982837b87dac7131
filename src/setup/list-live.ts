import { refOf, type Ref } from '../engine/resource-type.ts';
import type { HostReader } from '../host/host.ts';
import { NotFound } from '../host/trusted-file.ts';
import { kinds } from '../resources/index.ts';
import { loadCatalog } from './load-catalog.ts';

export interface ManifestSource {
  readonly manifest: string;
  readonly state: string;
  readonly build: string | undefined;
  readonly program: string;
}

export type Listed =
  | { readonly entries: readonly Readonly<Record<string, unknown>>[] }
  /** Why the kind that was asked for cannot be listed. */
  | { readonly cannot: string };

/** The names in the manifest; undefined without a manifest. */
const managed = async ({
  manifest,
  state,
  build,
  program,
}: ManifestSource): Promise<ReadonlySet<Ref> | undefined> => {
  try {
    const { catalog } = await loadCatalog(manifest, state, build, { program });
    return new Set(catalog.resources.map(({ ref }) => ref));
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
};

/** What is live, as entries of the manifest's `resources:`. */
export const listLive = async (
  host: HostReader,
  source: ManifestSource,
  only: string | undefined,
  all: boolean,
): Promise<Listed> => {
  const able = kinds.map(({ type }) => type).filter((type) => type.list !== undefined);
  const wanted = only === undefined ? able : able.filter(({ kind }) => kind === only);
  if (wanted.length === 0)
    return {
      cannot: `${only ?? 'nothing'} cannot be listed; these can: ${able.map(({ kind }) => kind).join(', ')}`,
    };
  const names = all ? undefined : await managed(source);
  const entries: Record<string, unknown>[] = [];
  for (const type of wanted)
    for (const entry of (await type.list?.(host)) ?? [])
      if (names?.has(refOf(type.kind, type.key(type.desired.parse(entry)))) ?? true)
        entries.push({ [type.kind]: entry });
  return { entries };
};
