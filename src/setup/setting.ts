/** What a run is asked for, and what is around it. */
import type { Listener } from '../engine/events.ts';
import type { Consent } from '../engine/gate.ts';
import type { Plan } from '../engine/plan.ts';
import type { Types } from '../engine/planner.ts';
import type { Ref } from '../engine/resource-type.ts';
import type { Holder } from '../host/lock.ts';
import type { Loaded } from './load-catalog.ts';
import type { OpenedPlan, Saving } from './saved-plan/saved-plan.ts';

export interface SetupOptions {
  readonly manifest: string;
  readonly check: boolean;
  readonly only: readonly Ref[];
  readonly skip: readonly string[];
  readonly keepGoing: boolean;
  /** Whether it may reboot, where the manifest allows that; and the arguments of the run that goes on after it. */
  readonly reboots: boolean;
  readonly again: readonly string[];
  /** Only look, and keep the plan there. */
  readonly save?: Saving | undefined;
  /** The plan that is to be carried out, and no other. */
  readonly plan?: OpenedPlan | undefined;
  /** The run that is taken back, and the kinds as they decide for that. */
  readonly rollsBack?: { readonly run: string; readonly types: (types: Types) => Types };
}

/** The surroundings of a run. */
export interface Setting {
  readonly state: string;
  readonly version: string;
  /** Names this very program, for the compiled manifest; undefined when it runs from its sources. */
  readonly build?: string | undefined;
  /** The executable that the global command points to. */
  readonly program: string;
  readonly holder: Holder;
  /** The manifest, where somebody has had to look into it before. */
  readonly loading?: Promise<Loaded>;
  readonly emit: Listener;
  /** Called as soon as something is known to differ: what a changing run needs is loaded while others are still read. */
  readonly changesAhead?: () => void;
  /** Asked once, with the plan; undefined means that nothing may run. */
  readonly ask: (plan: Plan) => Promise<Consent | undefined>;
  readonly stoppedBy: () => 'SIGINT' | 'SIGTERM' | undefined;
  readonly clock: () => number;
}
