/** The manifest compiled: every resource, in the order in which it is converged. Plain data, so that it can be cached. */
import type { Debt } from './action.ts';
import type { Notify } from './notify.ts';
import type { RebootPolicy } from './reboot.ts';
import type { Ref } from './resource-type.ts';
import type { Schedule } from './schedule.ts';

export interface Step {
  readonly name: string;
  /** Its place in the fixed order, as shown to the operator. */
  readonly number: number;
  /** Converged only when everything before has succeeded. */
  readonly afterSuccess: boolean;
}

/** A resource as the manifest declares it. */
export interface Declared {
  readonly ref: Ref;
  readonly kind: string;
  readonly step: string;
  readonly desired: Readonly<Record<string, unknown>>;
  /** What the operator names as required; it must be in the catalog. */
  readonly requires: readonly Ref[];
  /** What any change of it owes, besides what its actions say: `restarts:` and `reloads:` of the manifest. */
  readonly owes: readonly Debt[];
  /** Where in the manifest it is declared. */
  readonly at: readonly PropertyKey[];
}

/** A resource in the catalog: `requires` holds all that it waits for, named or derived. */
export type Resource = Declared;

/** How a change that may cut the operator off is confirmed. */
export interface Confirmation {
  /** Seconds that it waits. */
  readonly within: number;
  /** What confirms it without a person. */
  readonly probe?: {
    readonly gateway: boolean;
    readonly ssh: boolean;
    readonly command?: readonly string[] | undefined;
  };
}

export interface Catalog {
  readonly steps: readonly Step[];
  readonly resources: readonly Resource[];
  /** A run taken back: what was required waits for what required it. */
  readonly backwards?: true;
  readonly confirmation?: Confirmation;
  /** Left out where it may never be. */
  readonly reboot?: RebootPolicy;
  /** Left out where the manifest says nothing of it. */
  readonly schedule?: Schedule;
  readonly notify?: Notify;
}

/** What is wrong with a manifest as a whole, at its place in the manifest. */
export interface CatalogProblem {
  readonly at: readonly PropertyKey[];
  readonly message: string;
  readonly hint?: string;
  /** The other place, where two are at odds. */
  readonly firstAt?: readonly PropertyKey[];
}
