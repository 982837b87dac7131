import { strict as assert } from 'node:assert';
import { flappingIn } from '../../src/engine/flapping.ts';
import type { Origin } from '../../src/engine/origin.ts';
import type { Plan } from '../../src/engine/plan.ts';
import type { Differing, RunSummary } from '../../src/engine/run-summary.ts';
import { BY_TIMER } from '../../src/engine/schedule.ts';

const A: Differing = { ref: 'File[/a]', is: 'drift', origin: 'drift', result: 'converged' };
const run = (differed: readonly Differing[], more: Partial<RunSummary> = {}): RunSummary => ({
  run: 'R',
  at: '2026-11-27T10:00:00.000Z',
  does: 'setup',
  by: BY_TIMER,
  version: '1',
  manifest: 'abc',
  exitCode: 0,
  milliseconds: 1,
  inSync: 1,
  actions: 1,
  owed: 0,
  differed,
  ...more,
});
const plan = (origin: Origin = 'drift'): Plan => ({
  resources: [{ ref: 'File[/a]', step: 'resources', origin, is: 'drift', actions: [] }],
  inSync: 0,
  owed: [],
});
const flaps = (history: readonly RunSummary[], of = plan()): boolean =>
  flappingIn(of, history).has('File[/a]');
const BACK = run([A]);
const HELD = run([{ ...A, result: 'held' }], { exitCode: 3 });
const IN_SYNC = run([]);

describe('flapping', () => {
  it('is what the timer has brought back three times in a row', () => {
    assert.ok(!flaps([]));
    assert.ok(!flaps([BACK, BACK]));
    assert.ok(flaps([BACK, BACK, BACK]));
    assert.match(
      flappingIn(plan(), [BACK, BACK, BACK, BACK]).get('File[/a]') ?? '',
      /^flapping: brought back in 4 runs/,
    );
  });

  it('ends with a run that finds it in sync', () => {
    assert.ok(!flaps([BACK, BACK, IN_SYNC, BACK]));
    assert.ok(!flaps([BACK, BACK, BACK, IN_SYNC]));
    assert.ok(!flaps([BACK, BACK, BACK, run([], { does: 'check' })]));
  });

  it('stays as long as it is held, also when runs in between only reported', () => {
    assert.ok(flaps([BACK, BACK, BACK, HELD, HELD]));
    const reported = run([{ ref: 'File[/a]', is: 'drift', origin: 'drift' }], { does: 'check', exitCode: 2 });
    assert.ok(flaps([BACK, reported, BACK, BACK, reported, HELD]));
  });

  it('is counted anew after a person has run setup', () => {
    const byHand = run([A], { by: 'alice' });
    assert.ok(!flaps([BACK, BACK, BACK, byHand]));
    assert.ok(!flaps([BACK, byHand, BACK, BACK]));
    assert.ok(flaps([byHand, BACK, BACK, BACK]));
  });

  it('is none where the manifest has changed, or the run before has failed', () => {
    assert.ok(!flaps([BACK, BACK, BACK], plan('change')));
    assert.ok(!flaps([BACK, BACK, BACK, run([{ ...A, origin: 'change' }])]));
    assert.ok(!flaps([BACK, BACK, BACK, run([{ ...A, result: 'failed' }], { exitCode: 4 })]));
    assert.ok(!flaps([BACK, BACK, run([{ ...A, ref: 'File[/b]' }])]));
  });
});
