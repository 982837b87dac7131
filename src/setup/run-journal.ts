/** The journal of a run that changes something, with all that a rollback of it has to know. */
import type { Catalog, Resource } from '../engine/catalog.ts';
import type { Ref } from '../engine/resource-type.ts';
import { journalIn, type JournalFile } from '../host/journal-file.ts';
import type { Loaded } from './load-catalog.ts';
import type { Setting, SetupOptions } from './setting.ts';

export const runJournal = async (
  { plan, rollsBack }: SetupOptions,
  { state, version }: Setting,
  run: string,
  { sha256, catalog: { steps, confirmation } }: Loaded,
  { resources }: Catalog,
): Promise<JournalFile> => {
  let byRef: ReadonlyMap<Ref, Resource> | undefined;
  const about = { version, manifest: sha256, steps, confirmation, rollsBack: rollsBack?.run };
  const journal = journalIn(state, run, about, (ref) => {
    byRef ??= new Map(resources.map((one) => [one.ref, one]));
    return byRef.get(ref);
  });
  if (plan === undefined) return journal;
  const { usingUp } = await import('./saved-plan/apply.ts');
  return usingUp(plan, state, run, journal);
};
