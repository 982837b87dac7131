/** What the manifest says of reboots. */
import { z } from 'zod';
import type { RebootPolicy } from '../engine/reboot.ts';
import { dayWindow, windowOf } from './day-window.ts';

export const rebootSchema = z
  .strictObject({
    when: z.enum(['never', 'allowed']).default('never').meta({
      description: 'allowed: phoenix reboots at the end of a run that has converged, if a reboot is owed',
    }),
    window: dayWindow('02:00-05:00').optional().meta({
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

export const policyOf = ({ when, window, mayStop }: z.output<typeof rebootSchema>): RebootPolicy => ({
  when,
  mayStop,
  ...(window === undefined ? {} : { window: windowOf(window) }),
});
