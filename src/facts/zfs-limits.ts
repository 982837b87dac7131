/** Limits that ZFS would refuse, told with both figures before anything is tried. */
import type { Refusal } from '../engine/action.ts';
import type { Settings } from './zfs-list.ts';
import { humanSize, parseSize } from './zfs-sizes.ts';
import { liveValue, shownValue } from './zfs-values.ts';

const bytesOf = (settings: Settings, property: string): bigint =>
  parseSize(liveValue(property, settings[property]?.value ?? '0')) ?? 0n;

const largest = (a: bigint, b: bigint): bigint => (a > b ? a : b);

const change = (property: string, to: bigint, settings: Settings) => ({
  path: property,
  from: shownValue(property, liveValue(property, settings[property]?.value ?? '0')),
  to: shownValue(property, String(to)),
});

/** Both count what is used; a quota of 0 is none. */
const QUOTAS = [
  ['quota', 'used', 'reservation'],
  ['refquota', 'referenced', 'refreservation'],
] as const;

const quotaRefusal = (
  name: string,
  [property, measure, reserved]: (typeof QUOTAS)[number],
  to: bigint,
  settings: Settings,
): Refusal[] => {
  const used = bytesOf(settings, measure);
  const kept = bytesOf(settings, reserved);
  const least = largest(used, kept);
  if (to === 0n || to >= least) return [];
  const why = used >= kept ? `what it uses (${humanSize(used)})` : `its ${reserved} (${humanSize(kept)})`;
  return [
    {
      refuses: `a ${property} of ${humanSize(to)} for ${name} is below ${why}; declare more, or make room first`,
      changes: [change(property, to, settings)],
    },
  ];
};

const RESERVATIONS = [
  ['reservation', 'used'],
  ['refreservation', 'referenced'],
] as const;

/** What a dataset uses already counts towards what is kept for it. */
const reservationRefusal = (
  name: string,
  [property, measure]: (typeof RESERVATIONS)[number],
  to: bigint,
  settings: Settings,
): Refusal[] => {
  const used = bytesOf(settings, measure);
  const more = largest(to, used) - largest(bytesOf(settings, property), used);
  const available = bytesOf(settings, 'available');
  if (more <= available) return [];
  return [
    {
      refuses:
        `a ${property} of ${humanSize(to)} for ${name} takes ${humanSize(more)} more than it has now, and ` +
        `${humanSize(available)} are available; declare less, or make room first`,
      changes: [change(property, to, settings)],
    },
  ];
};

/** `changed` has normal values by property. */
export const limitRefusals = (
  name: string,
  changed: ReadonlyMap<string, string>,
  settings: Settings,
): Refusal[] => {
  const each = <L extends readonly [string, ...string[]]>(
    limits: readonly L[],
    refuse: (name: string, limit: L, to: bigint, settings: Settings) => Refusal[],
  ): Refusal[] =>
    limits.flatMap((limit) => {
      const to = changed.get(limit[0]);
      return to === undefined ? [] : refuse(name, limit, BigInt(to), settings);
    });
  return [...each(QUOTAS, quotaRefusal), ...each(RESERVATIONS, reservationRefusal)];
};
