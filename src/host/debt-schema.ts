/** Apart from its use: zod is loaded only when something is owed. */
import { z } from 'zod';
import { RISKS } from '../engine/action.ts';
import type { Ref } from '../engine/resource-type.ts';

export const debtSchema = z.array(
  z.object({
    debt: z.object({
      kind: z.string(),
      does: z.looseObject({ op: z.string() }),
      description: z.string(),
      risk: z.enum(RISKS),
    }),
    step: z.string(),
    why: z.array(z.custom<Ref>((value) => typeof value === 'string')),
    since: z.string(),
  }),
);
