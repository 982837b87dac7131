/** A stretch of the day, by the clock of the host. */

/** Minutes since midnight; an end before the begin is on the next day. */
export interface DayWindow {
  readonly from: number;
  readonly to: number;
}

export const isWithin = (now: number, { from, to }: DayWindow): boolean =>
  from <= to ? now >= from && now < to : now >= from || now < to;

export const clockText = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');

export const windowText = ({ from, to }: DayWindow): string => `${clockText(from)}-${clockText(to)}`;
