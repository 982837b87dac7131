import { UsageError } from './errors.ts';

const UNITS: Readonly<Record<string, number>> = { min: 60_000, h: 3_600_000, d: 86_400_000 };

const duration = (text: string, now: Date): Date | undefined => {
  const [, count, unit = ''] = /^([1-9]\d{0,3})(min|h|d)$/.exec(text) ?? [];
  return count === undefined ? undefined : new Date(now.getTime() + Number(count) * (UNITS[unit] ?? 0));
};

/** Today, or tomorrow if it has passed. */
const timeOfDay = (text: string, now: Date): Date | undefined => {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hours === undefined) return undefined;
  const at = new Date(now);
  at.setHours(Number(hours), Number(minutes), 0, 0);
  if (at <= now) at.setDate(at.getDate() + 1);
  return at;
};

const date = (text: string): Date | undefined => {
  if (!/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)) return undefined;
  // Without a time of the day it would be taken as UTC.
  return new Date(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T'));
};

/** ISO 8601, UTC. */
export const timeToCome = (text: string, now: Date): string => {
  const at = duration(text, now) ?? timeOfDay(text, now) ?? date(text);
  if (at === undefined || Number.isNaN(at.getTime()) || at <= now)
    throw new UsageError(
      `--until ${text}: expected a time to come, such as 30min, 2h, 3d, 18:00 or 2026-12-01T08:00`,
    );
  return at.toISOString();
};
