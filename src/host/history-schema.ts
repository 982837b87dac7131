/** Apart from its use: only who reads the history needs it. */
import { z } from 'zod';
import { RESULTS } from '../engine/outcome.ts';
import type { Ref } from '../engine/resource-type.ts';
import type { RunSummary } from '../engine/run-summary.ts';

const differing = z.object({
  ref: z.custom<Ref>((value) => typeof value === 'string'),
  is: z.enum(['drift', 'refused', 'unknown']),
  origin: z.enum(['drift', 'change', 'new']).exactOptional(),
  result: z.enum(RESULTS).exactOptional(),
});

export const summarySchema: z.ZodType<RunSummary> = z.object({
  run: z.string(),
  at: z.iso.datetime(),
  does: z.enum(['setup', 'check', 'rollback']),
  by: z.string(),
  version: z.string(),
  manifest: z.string(),
  exitCode: z.int(),
  milliseconds: z.number(),
  inSync: z.int(),
  actions: z.int(),
  owed: z.int(),
  differed: z.array(differing),
  more: z.int().exactOptional(),
});
