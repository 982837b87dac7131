/** A stretch of the day as the manifest says it. */
import { z } from 'zod';
import type { DayWindow } from '../engine/day-window.ts';

const WINDOW = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;

export const dayWindow = (example: string) =>
  z.string().regex(WINDOW, `expected two times of the day, such as ${example}`);

/** Of what `dayWindow` has let through. */
export const windowOf = (text: string): DayWindow => {
  const [, fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = (WINDOW.exec(text) ?? []).map(Number);
  return { from: fromHour * 60 + fromMinute, to: toHour * 60 + toMinute };
};
