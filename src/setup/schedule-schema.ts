/** What the manifest says of runs by the timer. */
import { z } from 'zod';
import { UNLESS_TOLD, type Schedule } from '../engine/schedule.ts';
import { dayWindow, windowOf } from './day-window.ts';

/** What stands in a unit's file: one line, and nothing that systemd would expand. Whether it is one, systemd says. */
const unitValue = (what: string, example: string) =>
  z.string().regex(/^[A-Za-z0-9 ,.:*/~-]{1,100}$/, `expected ${what}, such as ${example}`);

const fields = z.strictObject({
  onCalendar: unitValue('a calendar event of systemd.time(7)', 'hourly')
    .default(UNLESS_TOLD.onCalendar)
    .meta({ description: 'when the timer strikes, as systemd.time(7) has it' }),
  randomizedDelay: unitValue('a time span of systemd.time(7)', '10m')
    .default(UNLESS_TOLD.randomizedDelay)
    .meta({ description: 'up to how much later; the same every time for one host' }),
  mode: z
    .enum(['converge', 'check'])
    .default(UNLESS_TOLD.mode)
    .meta({ description: 'check: only report, in a unit that cannot write to the host' }),
  maxRisk: z
    .enum(['safe', 'disruptive'])
    .default(UNLESS_TOLD.maxRisk)
    .meta({ description: 'the worst that a run by the timer may do; never what is destructive' }),
  quiet: z
    .array(dayWindow('22:00-06:00'))
    .default([])
    .meta({ description: 'when a run by the timer only reports, by the clock of the host' }),
});

export const scheduleSchema = fields
  .optional()
  .meta({ description: 'runs by a timer; phoenix schedule enable sets it up' });

export const scheduleOf = (section: z.output<typeof fields>): Schedule => ({
  ...section,
  quiet: section.quiet.map(windowOf),
});
