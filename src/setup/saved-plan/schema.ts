import { z } from 'zod';
import { planSchema, ref } from '../../host/plan-schema.ts';
import type { SavedPlan } from './saved-plan.ts';

const hex = z.string().regex(/^[0-9a-f]{32}$/);

export const savedPlanSchema: z.ZodType<SavedPlan> = z.strictObject({
  format: z.literal(1),
  id: hex,
  at: z.iso.datetime(),
  expires: z.iso.datetime(),
  by: z.string(),
  version: z.string(),
  host: hex,
  manifest: z.strictObject({ path: z.string().startsWith('/'), sha256: z.string() }),
  catalog: hex,
  only: z.array(ref),
  skip: z.array(z.string()),
  plan: planSchema,
  fingerprints: z.record(z.string(), hex),
});
