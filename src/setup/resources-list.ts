import { z } from 'zod';
import type { Debt } from '../engine/action.ts';
import type { Ref } from '../engine/resource-type.ts';
import { kinds } from '../resources/index.ts';
import { defineStep, type Entry } from './step.ts';

const ref = z.custom<Ref>(
  (value) => typeof value === 'string' && /^[A-Z]\w*\[[^\0\n]+\]$/.test(value),
  'expected the name of a resource, such as UnixUser[alice]',
);

const unit = z
  .string()
  .regex(
    /^[A-Za-z0-9:_.\\@][A-Za-z0-9:_.\\@-]*\.[a-z]+$/,
    'expected a unit with its suffix, such as chrony.service',
  );

const meta = {
  requires: z
    .array(ref)
    .default([])
    .meta({ description: 'resources that must converge before; by their names, such as UnixUser[alice]' }),
  restarts: z.array(unit).default([]).meta({
    description: 'units that are restarted, if they run, once at the end of the step when this changes',
  }),
  reloads: z.array(unit).default([]).meta({
    description: 'units that are reloaded, if they run, once at the end of the step when this changes',
  }),
};

const kindNames = kinds.map(({ type }) => type.kind);

/** One entry of `resources:`, a mapping from its kind to its fields, with what it requires and owes beside. */
const resourceEntry = z
  .strictObject({
    ...Object.fromEntries(
      kinds.map(({ type }) => [type.kind, type.desired.optional().meta({ description: type.summary })]),
    ),
    ...meta,
  })
  .refine(
    (entry) =>
      kindNames.filter((kind) => (entry as Record<string, unknown>)[kind] !== undefined).length === 1,
    'expected exactly one kind in an entry, such as `- File: { path: /etc/motd, content: hello }`',
  );

const debts = (units: readonly string[], op: 'restart' | 'reload'): Debt[] =>
  units.map((name) => ({
    kind: 'SystemdUnit',
    does: { op, unit: name } as Debt['does'],
    description: `${op} ${name}`,
    risk: op === 'restart' ? 'disruptive' : 'safe',
  }));

const entryOf = (entry: z.output<typeof resourceEntry>, index: number): Entry[] => {
  const { requires, restarts, reloads, ...byKind } = entry;
  return Object.entries(byKind).map(([kind, desired]) => ({
    kind,
    desired: desired as Entry['desired'],
    at: [index, kind],
    requires,
    owes: [...debts(restarts, 'restart'), ...debts(reloads, 'reload')],
  }));
};

/** Every kind can be declared directly; such resources converge after step 15. */
export default defineStep({
  number: 15,
  name: 'resources',
  section: 'resources',
  schema: z
    .array(resourceEntry)
    .optional()
    .meta({ description: 'resources of any kind, after all steps but the last' }),
  resources: (entries = []) => entries.flatMap(entryOf),
});
