/** Whether a reboot that is owed may be made now, at the end of a run. Pure: what it goes by is data. */
import { clockText, isWithin, windowText, type DayWindow } from './day-window.ts';
import type { Awaited } from './plan.ts';

/** What the manifest says of it. */
export interface RebootPolicy {
  readonly when: 'never' | 'allowed';
  readonly window?: DayWindow;
  /** Guests that may be stopped for it, by their ids; `all` of them. */
  readonly mayStop: 'all' | readonly number[];
}

export interface Guest {
  readonly id: number;
  readonly name: string;
}

/** A reboot that phoenix made, and what for. */
export interface RebootMade {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly run: string;
  readonly causes: readonly string[];
}

export interface Circumstances {
  /** Every step of the manifest was part of the run, and all of it has succeeded. */
  readonly converged: boolean;
  /** Minutes since midnight. */
  readonly now: number;
  readonly running: readonly Guest[];
  readonly before?: RebootMade | undefined;
}

/** Two are one cause if they bring the same to the same resource. */
export const causeOf = ({ ref, brings }: Awaited): string => `${ref}: ${brings}`;

const outside = ({ window }: RebootPolicy, now: number): string[] =>
  window === undefined || isWithin(now, window)
    ? []
    : [`it is ${clockText(now)}, and the window is from ${windowText(window).replace('-', ' to ')}`];

const guestsInTheWay = ({ mayStop }: RebootPolicy, running: readonly Guest[]): string[] => {
  const inTheWay = mayStop === 'all' ? [] : running.filter(({ id }) => !mayStop.includes(id));
  return inTheWay.length === 0
    ? []
    : [
        `${inTheWay.map(({ id, name }) => `guest ${id} (${name})`).join(', ')} runs and may not be stopped; stop it, or add it to reboot.mayStop`,
      ];
};

/** One reboot for one cause: what a reboot has not brought, another one will not bring either. */
const triedBefore = (awaited: readonly Awaited[], before: RebootMade | undefined): string[] =>
  before !== undefined && awaited.every((one) => before.causes.includes(causeOf(one)))
    ? [
        `run ${before.run} rebooted for it at ${before.at}, and it is still not in effect; find out why, and reboot by hand`,
      ]
    : [];

/** Why not; empty if it may be made now. */
export const whyNotNow = (
  policy: RebootPolicy,
  awaited: readonly Awaited[],
  { converged, now, running, before }: Circumstances,
): string[] => {
  if (policy.when === 'never') return ['the manifest does not allow it (reboot.when)'];
  if (!converged) return ['not all of the manifest has converged in this run'];
  return [...triedBefore(awaited, before), ...outside(policy, now), ...guestsInTheWay(policy, running)];
};
