/** Apart from its use: only a run that may have to tell somebody needs it. */
import { z } from 'zod';
import { NEWS } from '../engine/notify.ts';
import { secretRef } from './secret-ref.ts';

const target = z.object({ url: z.union([z.string(), secretRef]), token: secretRef.optional() });

export const toldSchema = z.object({
  told: z
    .object({
      is: z.enum(['failure', 'drift', 'good']),
      open: z.boolean(),
      about: z.string(),
      at: z.iso.datetime(),
    })
    .optional(),
  notify: z.object({
    on: z.array(z.enum(NEWS)),
    webhook: target.optional(),
    ntfy: target.optional(),
    textfile: z.string().optional(),
  }),
});
