import type { PlannedResource } from '../../engine/plan.ts';
import type { Ref } from '../../engine/resource-type.ts';

/** The file is no plan, or of a version that wrote it otherwise. */
export class NoPlan extends Error {}

/** One resource that is planned otherwise than when the plan was saved; in sync where a side is left out. */
export interface Difference {
  readonly ref: Ref;
  readonly was?: PlannedResource;
  readonly now?: PlannedResource;
}

/** A saved plan that may not be carried out. Nothing was changed. */
export class PlanRefused extends Error {
  readonly reasons: readonly string[];
  readonly differences: readonly Difference[];

  constructor(file: string, reasons: readonly string[], differences: readonly Difference[]) {
    super(`the plan ${file} is not carried out: ${reasons.join('; ')}`);
    this.reasons = reasons;
    this.differences = differences;
  }
}
