import { refOf, type Ref } from './resource-type.ts';
import type { Run } from './run.ts';

/** What a kind notes is of the resource that it names, if the manifest has it, or of the one in hand. */
export const tellNotes = (run: Run, kind: string, inHand: Ref): void => {
  for (const { text, key } of run.host.takeNotes()) {
    const named = run.catalog.resources.find(({ ref }) => key !== undefined && ref === refOf(kind, key));
    run.emit({ event: 'noted', ref: named?.ref ?? inHand, text });
  }
};
