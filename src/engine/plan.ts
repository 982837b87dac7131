/** The difference as data: what a run would do, in order. */
import {
  isAction,
  isAwaiting,
  isRefusal,
  isRemark,
  riskOf,
  worstRisk,
  type Action,
  type Awaiting,
  type Debt,
  type Finding,
  type Refusal,
  type Risk,
} from './action.ts';
import type { Resource } from './catalog.ts';
import type { Origin } from './origin.ts';
import type { Reading } from './reading.ts';
import type { AnyResourceType, Ref } from './resource-type.ts';

/** How one resource stands against the manifest. Whatever that is, there may be remarks, and it may await a reboot. */
export type Assessment = { readonly remarks?: readonly string[]; readonly awaits?: readonly Awaiting[] } & (
  | { readonly is: 'in sync' }
  | { readonly is: 'drift'; readonly actions: readonly Action[] }
  | { readonly is: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly is: 'unknown'; readonly reason: string }
);

export type PlannedResource = {
  readonly ref: Ref;
  readonly step: string;
  /** Whether the host was changed, or the manifest; left out where nobody has looked it up. */
  readonly origin?: Origin;
  /** Who or what may have changed it, where that was looked up: leads, no verdicts. */
  readonly leads?: readonly string[];
} & Exclude<Assessment, { is: 'in sync' }>;

/** What was noticed about a resource that is as the manifest wants it. */
export interface RemarkedResource {
  readonly ref: Ref;
  readonly remarks: readonly string[];
}

/** A part of the reboot that is owed. */
export interface Awaited {
  readonly ref: Ref;
  readonly brings: string;
  readonly since: string;
}

/** A debt of an earlier run, or of this one until it is paid. */
export interface OwedDebt {
  readonly debt: Debt;
  readonly step: string;
  /** The resources whose change it is to bring into effect. */
  readonly why: readonly Ref[];
  /** ISO 8601, UTC. */
  readonly since: string;
}

export interface Plan {
  /** Those that are not in sync, in the order of the catalog. */
  readonly resources: readonly PlannedResource[];
  readonly inSync: number;
  /** Those that are in sync, and yet something is to be said of them; left out when there are none. */
  readonly remarked?: readonly RemarkedResource[];
  readonly owed: readonly OwedDebt[];
  /** What the next boot brings into effect; left out when no reboot is owed. */
  readonly reboot?: readonly Awaited[];
}

const IN_SYNC: Assessment = { is: 'in sync' };

const withDebts = (action: Action, owes: readonly Debt[]): Action =>
  owes.length === 0 ? action : { ...action, owes: [...(action.owes ?? []), ...owes] };

const judge = (findings: readonly Finding[], owes: readonly Debt[]): Assessment => {
  if (findings.length === 0) return IN_SYNC;
  const remarks = findings.filter(isRemark).map((remark) => remark.remarks);
  const awaits = findings.filter(isAwaiting);
  const said = {
    ...(remarks.length === 0 ? {} : { remarks }),
    ...(awaits.length === 0 ? {} : { awaits }),
  };
  const refusals = findings.filter(isRefusal);
  if (refusals.length > 0) return { is: 'refused', refusals, ...said };
  const actions = findings.filter(isAction).map((action) => withDebts(action, owes));
  return actions.length === 0 ? { ...IN_SYNC, ...said } : { is: 'drift', actions, ...said };
};

/** Compares one resource with its reading. Pure. A reading that is missing is unknown: the kind did not answer. */
export const assess = (
  resource: Resource,
  type: AnyResourceType,
  reading: Reading<unknown> | undefined,
): Assessment => {
  if (reading === undefined) return { is: 'unknown', reason: `${resource.kind} gave no reading for it` };
  if (reading.is === 'unknown') return { is: 'unknown', reason: reading.reason };
  return judge(type.diff(resource.desired, reading), resource.owes);
};

export const awaitedBy = (ref: Ref, { awaits = [] }: Assessment): Awaited[] =>
  awaits.map(({ brings, since }) => ({ ref, brings, since }));

/** The worst that a resource's actions may do. */
export const riskOfResource = (assessment: Assessment): Risk =>
  assessment.is === 'drift' ? worstRisk(assessment.actions) : 'safe';

/** The risk of each resource that the plan would change. */
export const risksOf = (plan: Plan): ReadonlyMap<Ref, Risk> =>
  new Map(plan.resources.map((resource) => [resource.ref, riskOfResource(resource)]));

/** Every action of the plan with its resource's name. */
export const actionsOf = (
  plan: Plan,
): { readonly ref: Ref; readonly action: Action; readonly risk: Risk }[] =>
  plan.resources.flatMap((resource) =>
    resource.is === 'drift'
      ? resource.actions.map((action) => ({ ref: resource.ref, action, risk: riskOf(action) }))
      : [],
  );
