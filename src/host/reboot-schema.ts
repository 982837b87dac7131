/** Apart from its use: zod is loaded only when a reboot was made. */
import { z } from 'zod';

export const rebootSchema = z.object({
  at: z.string(),
  run: z.string(),
  causes: z.array(z.string()),
  boot: z.string().optional(),
});
