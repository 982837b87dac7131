/** A plan and the outcomes of a run as they lie on the disk. */
import { z } from 'zod';
import { RISKS, type Action, type Debt } from '../engine/action.ts';
import { RESULTS, type Outcomes } from '../engine/outcome.ts';
import type { Plan } from '../engine/plan.ts';
import type { Ref } from '../engine/resource-type.ts';

export const ref = z.custom<Ref>((value) => typeof value === 'string' && /^[A-Z]\w*\[.+\]$/s.test(value));
const op = z.looseObject({ op: z.string() });
const risk = z.enum(RISKS);
export const debt: z.ZodType<Debt> = z.object({ kind: z.string(), does: op, description: z.string(), risk });
const change = z.object({
  path: z.string(),
  from: z.unknown(),
  to: z.unknown(),
  as: z.enum(['text', 'secret']).exactOptional(),
});
export const action: z.ZodType<Action> = z.object({
  does: op,
  description: z.string(),
  risk,
  changes: z.array(change),
  undo: z.union([z.object({ by: op }), z.object({ none: z.string() }), z.object({ again: z.string() })]),
  owes: z.array(debt).exactOptional(),
  needs: z.literal('wipe-disks').exactOptional(),
  cutsOff: z.enum(['network', 'firewall', 'ssh', 'sudo']).exactOptional(),
});
const named = {
  ref,
  step: z.string(),
  remarks: z.array(z.string()).exactOptional(),
  origin: z.enum(['drift', 'change', 'new']).exactOptional(),
  leads: z.array(z.string()).exactOptional(),
};
const planned = z.discriminatedUnion('is', [
  z.object({ ...named, is: z.literal('drift'), actions: z.array(action) }),
  z.object({
    ...named,
    is: z.literal('refused'),
    refusals: z.array(z.object({ refuses: z.string(), changes: z.array(change) })),
  }),
  z.object({ ...named, is: z.literal('unknown'), reason: z.string() }),
]);
const owed = z.object({ debt, step: z.string(), why: z.array(ref), since: z.string() });

export const planSchema: z.ZodType<Plan> = z.object({
  resources: z.array(planned),
  inSync: z.int(),
  remarked: z.array(z.object({ ref, remarks: z.array(z.string()) })).exactOptional(),
  owed: z.array(owed),
});

const outcomesSchema: z.ZodType<Outcomes> = z.object({
  resources: z.array(
    z.object({
      ref,
      step: z.string(),
      result: z.enum(RESULTS),
      reason: z.string().exactOptional(),
      remains: z.array(change).exactOptional(),
      actions: z.int(),
    }),
  ),
  untouched: z.array(z.object({ step: z.string(), refs: z.array(ref) })),
  notes: z.array(z.object({ ref, text: z.string() })),
  unpaid: z.array(z.object({ owed, held: z.boolean(), reason: z.string() })),
  paid: z.array(owed),
  stoppedBy: z.enum(['SIGINT', 'SIGTERM']).exactOptional(),
});

export const reportSchema = z.object({ plan: planSchema, outcomes: outcomesSchema });
