import { strict as assert } from 'node:assert';
import { appliedAfter, withOrigins, type Applied } from '../../src/engine/origin.ts';
import type { Outcomes, Result } from '../../src/engine/outcome.ts';
import type { Plan } from '../../src/engine/plan.ts';
import type { Ref } from '../../src/engine/resource-type.ts';

const hashes = (given: Record<string, string>): Applied => new Map(Object.entries(given) as [Ref, string][]);

const planOf = (differing: Ref[], unreadable: Ref[] = []): Plan => ({
  resources: [
    ...differing.map((ref) => ({ ref, step: 'one', is: 'drift', actions: [] }) as const),
    ...unreadable.map((ref) => ({ ref, step: 'one', is: 'unknown', reason: 'x' }) as const),
  ],
  inSync: 0,
  owed: [],
});

const outcomesOf = (results: Record<Ref, Result>): Outcomes => ({
  resources: (Object.entries(results) as [Ref, Result][]).map(([ref, result]) => ({
    ref,
    step: 'one',
    result,
    actions: 1,
  })),
  notes: [],
  untouched: [],
  unpaid: [],
  paid: [],
});

describe('drift and change', () => {
  it('are told apart by how a resource was declared when it was last in sync', () => {
    const plan = planOf(['T[same]', 'T[other]', 'T[new]'], ['T[unreadable]']);
    const before = hashes({ 'T[same]': '1', 'T[other]': '2', 'T[unreadable]': '4' });
    const now = hashes({ 'T[same]': '1', 'T[other]': '3', 'T[new]': '5', 'T[unreadable]': '4' });
    assert.deepEqual(
      withOrigins(plan, before, now).resources.map(({ ref, origin }) => [ref, origin]),
      [
        ['T[same]', 'drift'],
        ['T[other]', 'change'],
        ['T[new]', 'new'],
        ['T[unreadable]', undefined],
      ],
    );
  });

  const before = hashes({ 'T[a]': 'old', 'T[b]': 'old', 'T[gone]': 'old' });
  const declared = hashes({ 'T[a]': '1', 'T[b]': '2', 'T[c]': '3', 'T[d]': '4' });

  it('is learned from what converged or was in sync, not from what failed or was held', () => {
    const plan = planOf(['T[a]', 'T[b]', 'T[c]']);
    const outcomes = outcomesOf({ 'T[a]': 'converged', 'T[b]': 'failed', 'T[c]': 'held' });
    assert.deepEqual(
      appliedAfter(before, declared, plan, outcomes, true),
      hashes({ 'T[a]': '1', 'T[b]': 'old', 'T[d]': '4' }),
    );
  });

  it('is learned from nothing where nobody answered the question, but for what was in sync', () => {
    const after = appliedAfter(before, declared, planOf(['T[a]', 'T[c]']), undefined, true);
    assert.deepEqual(after, hashes({ 'T[a]': 'old', 'T[b]': '2', 'T[d]': '4' }));
  });

  it('is not forgotten for what a run leaves out', () => {
    const after = appliedAfter(before, hashes({ 'T[a]': '1' }), planOf([]), undefined, false);
    assert.deepEqual(after, hashes({ 'T[a]': '1', 'T[b]': 'old', 'T[gone]': 'old' }));
  });
});
