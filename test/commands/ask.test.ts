import { strict as assert } from 'node:assert';
import sinon from 'sinon';
import type { Risk } from '../../src/engine/action.ts';
import type { Plan } from '../../src/engine/plan.ts';
import { ask, type AskOptions } from '../../src/commands/ask.ts';
import { watchSignals } from '../../src/commands/stop-signals.ts';

const plan = (...risks: Risk[]): Plan => ({
  resources: risks.map((risk, index) => ({
    ref: `Toy[${index}]`,
    step: 'one',
    is: 'drift',
    actions: [{ does: { op: 'put' }, description: 'put', risk, changes: [], undo: { none: 'a test' } }],
  })),
  inSync: 0,
  owed: [],
});
const options = (more: Partial<AskOptions> = {}): AskOptions => ({
  yes: false,
  confirmed: [],
  maxRisk: undefined,
  granted: [],
  interactive: false,
  ...more,
});

describe('what the operator is asked', () => {
  it('is nothing without a terminal: the flags say what may run', async () => {
    const consent = await ask(plan('destructive'), options({ confirmed: ['Toy[0]'], maxRisk: 'safe' }));
    assert.deepEqual(consent, {
      yes: false,
      confirmed: new Set(['Toy[0]']),
      granted: new Set(),
      maxRisk: 'safe',
    });
    assert.equal((await ask(plan('disruptive'), options({ yes: true, interactive: true })))?.yes, true);
  });

  it('is nothing where all is safe, ruled out, or allowed by its name', async () => {
    const interactive = true;
    assert.equal((await ask(plan('safe'), options({ interactive })))?.yes, false);
    assert.equal((await ask(plan('disruptive'), options({ interactive, maxRisk: 'safe' })))?.yes, false);
    const confirmed = options({ interactive, confirmed: ['Toy[0]'] });
    assert.equal((await ask(plan('destructive'), confirmed))?.yes, false);
  });
});

describe('signals', () => {
  afterEach(() => {
    sinon.restore();
  });

  it('ask to stop; the second one is not held up', () => {
    const kill = sinon.stub(process, 'kill');
    const before = process.listeners('SIGTERM');
    const told: string[] = [];
    const signals = watchSignals((message) => told.push(message));
    assert.equal(signals.stoppedBy(), undefined);
    process.emit('SIGTERM', 'SIGTERM');
    assert.equal(signals.stoppedBy(), 'SIGTERM');
    assert.deepEqual(told, ['SIGTERM: stopping after the action in hand; once more stops at once']);
    sinon.assert.notCalled(kill);
    process.emit('SIGINT', 'SIGINT');
    sinon.assert.calledOnceWithExactly(kill, process.pid, 'SIGINT');
    assert.equal(signals.stoppedBy(), 'SIGTERM');
    signals.close();
    assert.deepEqual(process.listeners('SIGTERM'), before);
  });
});
