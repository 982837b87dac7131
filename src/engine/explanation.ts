/** One resource in its surroundings, as data. */
import type { Confirmation, Resource } from './catalog.ts';
import type { Assessment } from './plan.ts';
import type { Ref } from './resource-type.ts';

export interface Related {
  readonly ref: Ref;
  readonly state: Assessment['is'];
}

export interface Explanation {
  readonly resource: Resource;
  readonly step: { readonly name: string; readonly number: number };
  readonly assessment: Assessment;
  /** How a change of it is confirmed, if that may cut the operator off. */
  readonly confirmation?: Confirmation;
  readonly requires: readonly Related[];
  readonly requiredBy: readonly Related[];
}
