/** What is known of a run afterwards. */
import type { Outcomes } from './outcome.ts';
import type { Plan } from './plan.ts';
import type { RunSummary } from './run-summary.ts';

/** A run that left a journal and no word of its end: killed, or cut off by the power. */
export interface CutOffRun {
  readonly run: string;
  /** When it began; ISO 8601, UTC. */
  readonly at: string;
  /** The action that had begun and not ended, if it is known. */
  readonly during?: { readonly ref: string; readonly description: string };
}

export type HistoryEntry = RunSummary | CutOffRun;

export const isCutOff = (entry: HistoryEntry): entry is CutOffRun => !('exitCode' in entry);

/** One run in full. The plan and the outcomes are kept of runs that had something to do. */
export interface KeptRun {
  readonly host: string;
  readonly entry: HistoryEntry;
  readonly plan?: Plan;
  readonly outcomes?: Outcomes;
}
