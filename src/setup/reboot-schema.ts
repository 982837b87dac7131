/** What the manifest says of reboots. */
import { z } from 'zod';
import type { RebootPolicy } from '../engine/reboot.ts';

const WINDOW = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;

export const rebootSchema = z
  .strictObject({
    when: z.enum(['never', 'allowed']).default('never').meta({
      description: 'allowed: phoenix reboots at the end of a run that has converged, if a reboot is owed',
    }),
    window: z.string().regex(WINDOW, 'expected two times of the day, such as 02:00-05:00').optional().meta({
      description: 'only between these times, by the clock of the host; 23:00-04:00 goes over midnight',
    }),
    mayStop: z
      .union([z.literal('all'), z.array(z.int().min(1))])
      .default([])
      .meta({
        description:
          'guests of Proxmox VE that may be stopped for it, by their ids, or all; others keep it off',
      }),
  })
  .prefault({})
  .meta({ description: 'whether phoenix may reboot this host; never unless it says so' });

export const policyOf = ({ when, window, mayStop }: z.output<typeof rebootSchema>): RebootPolicy => {
  const [, fromHour, fromMinute, toHour, toMinute] = (WINDOW.exec(window ?? '') ?? []).map(Number);
  const minutes = (hour = 0, minute = 0): number => hour * 60 + minute;
  return {
    when,
    mayStop,
    ...(window === undefined
      ? {}
      : { window: { from: minutes(fromHour, fromMinute), to: minutes(toHour, toMinute) } }),
  };
};
