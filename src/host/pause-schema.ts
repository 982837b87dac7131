/** Apart from its use: only who finds a pause needs it. */
import { z } from 'zod';

export const pauseSchema = z.object({
  why: z.string(),
  by: z.string(),
  since: z.string(),
  until: z.iso.datetime().exactOptional(),
});
