/** One resource in its surroundings, as data. */
import type { Resource } from './catalog.ts';
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
  readonly requires: readonly Related[];
  readonly requiredBy: readonly Related[];
}
