import { strict as assert } from 'node:assert';
import type { Unordered } from '../../src/engine/order.ts';
import type { Ref } from '../../src/engine/resource-type.ts';
import { pullForward } from '../../src/setup/pull-forward.ts';

const STEPS = new Map(['first', 'second', 'third'].map((name, index) => [name, index]));

const one = (
  ref: Ref,
  step: string,
  derives: readonly Ref[] = [],
  requires: readonly Ref[] = [],
): Unordered => ({
  resource: { ref, kind: 'A', step, desired: {}, requires, owes: [], at: [] },
  derives,
});

const stepsAfter = (all: readonly Unordered[], needs: Record<string, Ref[]>): Record<string, string> =>
  Object.fromEntries(
    pullForward(all, new Map(Object.entries(needs) as [Ref, Ref[]][]), STEPS).map(({ resource }) => [
      resource.ref,
      resource.step,
    ]),
  );

describe('what a section needs of later ones', () => {
  it('comes with it, with what that requires in turn, named or derived', () => {
    const all = [
      one('A[1]', 'first'),
      one('A[2]', 'third', ['A[3]', 'A[nowhere]'], ['A[4]']),
      one('A[3]', 'second'),
      one('A[4]', 'third', ['A[2]']),
      one('A[5]', 'third'),
    ];
    assert.deepEqual(stepsAfter(all, { 'A[1]': ['A[2]'] }), {
      'A[1]': 'first',
      'A[2]': 'first',
      'A[3]': 'first',
      'A[4]': 'first',
      'A[5]': 'third',
    });
  });

  it('comes with what it needs itself, though that is no requirement of it', () => {
    const all = [one('A[1]', 'first'), one('A[2]', 'second'), one('A[3]', 'third'), one('A[4]', 'third')];
    const needs: Record<string, Ref[]> = { 'A[3]': ['A[4]'], 'A[2]': ['A[3]'], 'A[1]': ['A[2]'] };
    assert.deepEqual(stepsAfter(all, needs), {
      'A[1]': 'first',
      'A[2]': 'first',
      'A[3]': 'first',
      'A[4]': 'first',
    });
  });

  it('stays where it is if it comes early enough, or is not declared', () => {
    const all = [one('A[1]', 'first'), one('A[2]', 'second'), one('A[3]', 'second')];
    assert.deepEqual(stepsAfter(all, { 'A[2]': ['A[1]', 'A[3]', 'A[nowhere]'], 'A[nowhere]': ['A[3]'] }), {
      'A[1]': 'first',
      'A[2]': 'second',
      'A[3]': 'second',
    });
  });

  it('stays where it is if it is to go', () => {
    const goes = one('A[2]', 'second');
    const all = [
      one('A[1]', 'first'),
      { ...goes, resource: { ...goes.resource, desired: { ensure: 'absent' } } },
    ];
    assert.deepEqual(stepsAfter(all, { 'A[1]': ['A[2]'] }), { 'A[1]': 'first', 'A[2]': 'second' });
  });
});
