import { riskier, type Risk } from './action.ts';
import type { Ref } from './resource-type.ts';

/** What the operator allowed for this run. */
export interface Consent {
  /** Nothing worse than this runs, whatever else is allowed. */
  readonly maxRisk?: Risk;
  /** `--yes`, or yes at the prompt: disruptive actions of the plan may run. */
  readonly yes: boolean;
  /** Names typed at the prompt or given by `--confirm`: their destructive actions may run. */
  readonly confirmed: ReadonlySet<Ref>;
}

/** Why an action may not run; undefined if it may. */
export const heldBack = (ref: Ref, risk: Risk, consent: Consent): string | undefined => {
  if (consent.maxRisk !== undefined && riskier(risk, consent.maxRisk))
    return `${risk}, and this run is limited to ${consent.maxRisk}`;
  if (risk === 'destructive' && !consent.confirmed.has(ref))
    return `destructive; allow it by its name: --confirm '${ref}'`;
  if (risk === 'disruptive' && !consent.yes && !consent.confirmed.has(ref))
    return 'disruptive; allow it with --yes';
  return undefined;
};
