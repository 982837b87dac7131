import { riskier, riskOf, type Action, type Grant, type Risk } from './action.ts';
import type { Ref } from './resource-type.ts';

/** What the operator allowed for this run. */
export interface Consent {
  /** Nothing worse than this runs, whatever else is allowed. */
  readonly maxRisk?: Risk;
  /** `--yes`, or yes at the prompt: disruptive actions of the plan may run. */
  readonly yes: boolean;
  /** Names typed at the prompt or given by `--confirm`: their destructive actions may run. */
  readonly confirmed: ReadonlySet<Ref>;
  /** Flags given for what nothing else can allow. */
  readonly granted: ReadonlySet<Grant>;
  /** What is brought back again and again, with the reason not to do so once more; only where nobody is there. */
  readonly flapping?: ReadonlyMap<Ref, string>;
}

/** Why an action may not run; undefined if it may. */
export const heldBack = (ref: Ref, action: Action, consent: Consent): string | undefined => {
  const flapping = consent.flapping?.get(ref);
  if (flapping !== undefined) return flapping;
  if (action.needs !== undefined && !consent.granted.has(action.needs))
    return `needs --${action.needs} besides its name: --${action.needs} --confirm '${ref}'`;
  return heldByRisk(ref, riskOf(action), consent);
};

/** As `heldBack`, for what is no action of a resource, such as a debt. */
export const heldByRisk = (ref: Ref, risk: Risk, consent: Consent): string | undefined => {
  if (consent.maxRisk !== undefined && riskier(risk, consent.maxRisk))
    return `${risk}, and this run is limited to ${consent.maxRisk}`;
  if (risk === 'destructive' && !consent.confirmed.has(ref))
    return `destructive; allow it by its name: --confirm '${ref}'`;
  if (risk === 'disruptive' && !consent.yes && !consent.confirmed.has(ref))
    return 'disruptive; allow it with --yes';
  return undefined;
};
