/** What a plan is made of. Everything here is plain data: JSON in, JSON out, no closures, no class instances. */

/** How bad it may get; ordered, so that a whole is as risky as its worst part. */
export const RISKS = ['safe', 'disruptive', 'destructive'] as const;
export type Risk = (typeof RISKS)[number];

/** One step of converging as plain data: `op` names it, the other fields are its arguments. */
export interface Op {
  readonly op: string;
}

/** One property that differs: what the diff view prints. */
export interface Change {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
  /** `text`: both sides are whole texts, shown as a unified diff. `secret`: neither side may be shown. */
  readonly as?: 'text' | 'secret';
}

/**
 * The step that takes this one back, or the reason why there is none. `again`: it brings into effect whatever the files
 * say; when those are taken back, it is done once more.
 */
export type Undo<O extends Op> = { readonly by: O } | { readonly none: string } | { readonly again: string };

/**
 * Something that has been changed on disk and is not yet in effect: an owed reload or restart.
 * Equal debts are paid once, at the end of their step, however many resources ask.
 */
export interface Debt {
  /** The kind whose `converge` pays it. */
  readonly kind: string;
  readonly does: Op;
  /** Imperative and complete: "restart chrony.service". */
  readonly description: string;
  readonly risk: Risk;
}

/** What only a flag of the command line can allow, and no key of the manifest: `--wipe-disks`. */
export type Grant = 'wipe-disks';

/** What a change may cut the operator off from. Such a change takes itself back unless somebody confirms it. */
export type Access = 'network' | 'firewall' | 'ssh' | 'sudo';

/** One entry of the plan. */
export interface Action<O extends Op = Op> {
  readonly does: O;
  /** Imperative and complete: "create user alice (uid 1000)". */
  readonly description: string;
  readonly risk: Risk;
  readonly changes: readonly Change[];
  /** Required, so that nobody forgets to decide. */
  readonly undo: Undo<O>;
  /** What must still happen, after this action, before it is in effect. */
  readonly owes?: readonly Debt[];
  /** Held back without this flag, whatever else is allowed. */
  readonly needs?: Grant;
  /**
   * What it may cut off. Its undo must be an op: that is armed before the action begins, and carried out (and what it
   * owes paid once more) unless the change is confirmed in time.
   */
  readonly cutsOff?: Access;
}

/** A difference that the kind will not touch: what it found, why it stops there, and what the operator can do. */
export interface Refusal {
  readonly refuses: string;
  readonly changes: readonly Change[];
}

/** What an operator should know although it is no difference from the manifest: a degraded pool. Changes nothing. */
export interface Remark {
  readonly remarks: string;
}

/** Written down and not yet in effect: only the next boot brings it. No difference, and nothing that a run could do now. */
export interface Awaiting {
  readonly awaits: 'reboot';
  /** What will be so after it: "intel_iommu=on is in effect". Names the cause: it stays the same until then. */
  readonly brings: string;
  /** ISO 8601, UTC: when it was written down. */
  readonly since: string;
}

/** What a diff answers with. */
export type Finding<O extends Op = Op> = Action<O> | Refusal | Remark | Awaiting;

export const isRefusal = (finding: Finding): finding is Refusal => 'refuses' in finding;
export const isRemark = (finding: Finding): finding is Remark => 'remarks' in finding;
export const isAwaiting = (finding: Finding): finding is Awaiting => 'awaits' in finding;
export const isAction = <O extends Op>(finding: Finding<O>): finding is Action<O> => 'does' in finding;

export const riskier = (a: Risk, b: Risk): boolean => RISKS.indexOf(a) > RISKS.indexOf(b);

const worse = (a: Risk, b: Risk): Risk => (riskier(b, a) ? b : a);

/** An action is as risky as the worst of itself and of what it will owe. */
export const riskOf = (action: Action): Risk =>
  (action.owes ?? []).reduce((risk, debt) => worse(risk, debt.risk), action.risk);

export const worstRisk = (actions: readonly Action[]): Risk =>
  actions.reduce<Risk>((risk, action) => worse(risk, riskOf(action)), 'safe');
