import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import fc from 'fast-check';
import type { Action } from '../../src/engine/action.ts';
import { findCutOff, forgetCutOff, journalIn } from '../../src/host/journal-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const action = (description: string): Action => ({
  does: { op: 'put' },
  description,
  risk: 'safe',
  changes: [{ path: 'value', from: null, to: 'x' }],
  undo: { none: 'a test' },
});

describe('the journal', () => {
  const folder = temporaryFolder();
  let state: string;
  const file = (run = 'r1'): string => `${state}/runs/${run}/journal.jsonl`;
  const lines = (): Record<string, unknown>[] =>
    fs
      .readFileSync(file(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  beforeEach(() => {
    state = `${folder.path}/state`;
    fs.ensureDirSync(state);
  });

  it('has no file when nothing is done', () => {
    journalIn(state, 'r1', {}).close();
    assert.deepEqual(fs.readdirSync(state), []);
    assert.equal(findCutOff(state), undefined);
  });

  it('says what began and how it ended', () => {
    const journal = journalIn(state, 'r1', { version: '1' });
    journal.begins('Toy[a]', action('put a'));
    journal.ended('Toy[a]');
    journal.begins('Toy[b]', action('put b'));
    journal.ended('Toy[b]', 'no space');
    journal.close();
    assert.deepEqual(
      lines().map(({ at: _, ...line }) => line),
      [
        { is: 'run', run: 'r1', version: '1' },
        { is: 'begin', n: 1, ref: 'Toy[a]', ...action('put a') },
        { is: 'end', n: 1, ref: 'Toy[a]' },
        { is: 'begin', n: 2, ref: 'Toy[b]', ...action('put b') },
        { is: 'end', n: 2, ref: 'Toy[b]', error: 'no space' },
        { is: 'close' },
      ],
    );
    assert.equal(fs.statSync(file()).mode & 0o777, 0o600);
    assert.equal(findCutOff(state), undefined);
  });

  it('says with the first action of a resource how it is declared, and what only pays a debt', () => {
    const journal = journalIn(state, 'r1', {}, (ref) => ({ declared: ref }));
    journal.begins('Toy[a]', action('put a'));
    journal.begins('Toy[a]', action('restart'), 'debt');
    assert.deepEqual(
      lines()
        .slice(1)
        .map(({ resource, pays }) => [resource, pays]),
      [
        [{ declared: 'Toy[a]' }, undefined],
        [undefined, 'debt'],
      ],
    );
  });

  it('has each action on the disk before it begins', () => {
    const journal = journalIn(state, 'r1', {});
    journal.begins('Toy[a]', action('put a'));
    assert.deepEqual(findCutOff(state), { run: 'r1', during: { ref: 'Toy[a]', description: 'put a' } });
    journal.ended('Toy[a]');
    journal.begins('Toy[b]', action('put b'));
    assert.deepEqual(findCutOff(state), { run: 'r1', during: { ref: 'Toy[b]', description: 'put b' } });
    journal.close();
  });

  it('of a run that was cut off is found until it is forgotten, or another begins', () => {
    journalIn(state, 'r1', {}).begins('Toy[a]', action('put a'));
    assert.equal(findCutOff(state)?.run, 'r1');
    forgetCutOff(state);
    forgetCutOff(state);
    assert.equal(findCutOff(state), undefined);
    journalIn(state, 'r2', {}).begins('Toy[a]', action('put a'));
    const third = journalIn(state, 'r3', {});
    third.begins('Toy[a]', action('put a'));
    third.close();
    assert.equal(findCutOff(state), undefined);
  });

  it('may itself be cut off at any byte (property)', () => {
    const journal = journalIn(state, 'r1', {});
    journal.begins('Toy[a]', action('put a'));
    journal.ended('Toy[a]');
    journal.begins('Toy[b]', action('put b'));
    const whole = fs.readFileSync(file());
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => {
        fs.writeFileSync(file(), whole.subarray(0, length));
        const cutOff = findCutOff(state);
        assert.equal(cutOff?.run, 'r1');
        assert.ok([undefined, 'put a', 'put b'].includes(cutOff.during?.description));
      }),
    );
    fs.writeFileSync(file(), whole.subarray(0, whole.length - 10));
    assert.deepEqual(findCutOff(state), { run: 'r1' });
    fs.writeFileSync(file(), `${whole.toString()}null\n17\n"text"\n{}\n`);
    assert.equal(findCutOff(state)?.run, 'r1');
  });

  it('that is gone still leaves word of its run', () => {
    journalIn(state, 'r1', {}).begins('Toy[a]', action('put a'));
    fs.removeSync(file());
    assert.deepEqual(findCutOff(state), { run: 'r1' });
  });
});
