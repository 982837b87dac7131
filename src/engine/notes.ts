import type { Assessment } from './plan.ts';
import { refOf, type Ref } from './resource-type.ts';
import type { Run } from './run.ts';

/** What a kind notes is of the resource that it names, if the manifest has it, or of the one in hand. */
export const tellNotes = (run: Run, kind: string, inHand: Ref): void => {
  for (const { text, key } of run.host.takeNotes()) {
    const named = run.catalog.resources.find(({ ref }) => key !== undefined && ref === refOf(kind, key));
    run.emit({ event: 'noted', ref: named?.ref ?? inHand, text });
  }
};

/** What is to be remarked on only now, after the actions: the plan has not said it. */
export const tellNewRemarks = (run: Run, ref: Ref, { remarks = [] }: Assessment): void => {
  if (remarks.length === 0) return;
  const said = run.plan.resources.find((one) => one.ref === ref)?.remarks ?? [];
  for (const text of remarks) if (!said.includes(text)) run.emit({ event: 'noted', ref, text });
};
