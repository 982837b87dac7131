import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import type { Action } from '../../src/engine/action.ts';
import { markUsed, usedBy } from '../../src/host/used-plans.ts';
import { usingUp } from '../../src/setup/saved-plan/apply.ts';
import type { SavedPlan } from '../../src/setup/saved-plan/saved-plan.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ID = 'a'.repeat(32);
const saved = { id: ID, expires: '2999-01-01T00:00:00.000Z' } as SavedPlan;
const action = { does: { op: 'x' } } as Action;

describe('a saved plan', () => {
  const folder = temporaryFolder();
  let state = '';
  beforeEach(() => {
    state = `${folder.path}/state`;
    mkdirSync(state);
  });

  it('is used up before the first action, and only then', () => {
    const said: string[] = [];
    const mark = (): string => (usedBy(state, ID) === undefined ? 'unused' : 'used');
    const journal = usingUp({ file: 'f', saved }, state, 'run-1', {
      begins: () => said.push(`begins ${mark()}`),
      ended: () => said.push('ended'),
      close: () => said.push('close'),
    });
    assert.equal(mark(), 'unused');
    journal.begins('File[/a]', action);
    journal.ended('File[/a]');
    journal.begins('File[/b]', action);
    journal.close();
    assert.deepEqual(said, ['begins used', 'ended', 'begins used', 'close']);
    assert.equal(usedBy(state, ID)?.run, 'run-1');
  });

  it('stays used when the word of it is damaged; it is forgotten once the plan has expired', () => {
    mkdirSync(`${state}/plans`);
    writeFileSync(`${state}/plans/${ID}`, '{"run":');
    assert.equal(usedBy(state, ID)?.run, 'unknown');
    writeFileSync(`${state}/plans/old`, '{"run":"r","at":"x","expires":"2020-01-01T00:00:00.000Z"}');
    const use = { run: 'r', at: 'now', expires: saved.expires };
    markUsed(state, 'b', use);
    assert.equal(existsSync(`${state}/plans/old`), false);
    assert.equal(existsSync(`${state}/plans/${ID}`), true);
    assert.throws(() => {
      markUsed(state, 'b', use);
    }, /exists already/);
  });
});
