/** A journal as it is read again: only for who takes a run back. */
import { z } from 'zod';
import type { Confirmation, Resource, Step } from '../engine/catalog.ts';
import { action, debt, ref } from './plan-schema.ts';

const step: z.ZodType<Step> = z.object({ name: z.string(), number: z.number(), afterSuccess: z.boolean() });

const confirmation: z.ZodType<Confirmation> = z.object({
  within: z.number(),
  probe: z
    .object({ gateway: z.boolean(), ssh: z.boolean(), command: z.array(z.string()).exactOptional() })
    .exactOptional(),
});

const resource: z.ZodType<Resource> = z.object({
  ref,
  kind: z.string(),
  step: z.string(),
  desired: z.record(z.string(), z.unknown()),
  requires: z.array(ref),
  owes: z.array(debt),
  at: z.array(z.union([z.string(), z.number()])),
});

export const headSchema = z.object({
  is: z.literal('run'),
  run: z.string(),
  manifest: z.string(),
  steps: z.array(step),
  confirmation: confirmation.exactOptional(),
  rollsBack: z.string().exactOptional(),
});

const begin = z
  .object({
    is: z.literal('begin'),
    n: z.number(),
    ref,
    pays: z.literal('debt').exactOptional(),
    resource: resource.exactOptional(),
  })
  .loose();

export const lineSchema = z.discriminatedUnion('is', [
  begin.transform(({ is, n, ref: of, pays, resource: declared, ...rest }) => ({
    is,
    n,
    ref: of,
    pays,
    declared,
    action: action.parse(rest),
  })),
  z.object({ is: z.literal('end'), n: z.number(), error: z.string().exactOptional() }),
  z.object({ is: z.literal('close') }),
]);
