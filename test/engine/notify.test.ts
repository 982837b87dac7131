import { strict as assert } from 'node:assert';
import { wordOf, type Ending, type Told } from '../../src/engine/notify.ts';
import type { Differing } from '../../src/engine/run-summary.ts';

const NOON = Date.parse('2026-11-27T12:00:00.000Z');
const DRIFTED: Differing = { ref: 'File[/a]', is: 'drift', origin: 'drift', result: 'converged' };
const ending = (exitCode: number, ...differed: readonly Differing[]): Ending => ({
  exitCode,
  differed,
  owed: 0,
});

const GOOD = ending(0);
const REPAIRED = ending(0, DRIFTED);
const HELD = ending(3, { ...DRIFTED, result: 'held' });
const FAILED = ending(4, { ...DRIFTED, result: 'failed' });

/** What is told of one run after the other, an hour apart. */
const newsOf = (...endings: readonly Ending[]): (string | undefined)[] => {
  let told: Told | undefined;
  return endings.map((one, hour) => {
    const word = wordOf(one, told, new Date(NOON + hour * 3_600_000));
    told = word?.told ?? told;
    return word?.news;
  });
};

describe('what is told of runs by the timer', () => {
  it('is nothing while all is good', () => {
    assert.deepEqual(newsOf(GOOD, GOOD), [undefined, undefined]);
    const wanted = ending(0, { ...DRIFTED, origin: 'change' }, { ...DRIFTED, origin: 'new' });
    assert.deepEqual(newsOf(wanted), [undefined], 'what came with the manifest is no news');
  });

  it('is a failure once, another one again, and the recovery', () => {
    const other = ending(4, { ...DRIFTED, ref: 'File[/b]', result: 'failed' });
    assert.deepEqual(newsOf(FAILED, FAILED, other, GOOD, GOOD), [
      'failure',
      undefined,
      'failure',
      'recovery',
      undefined,
    ]);
    for (const exitCode of [1, 6, 64, 77, 78]) assert.deepEqual(newsOf(ending(exitCode)), ['failure']);
  });

  it('is drift, brought back or not; of what was brought back there is no recovery', () => {
    assert.deepEqual(newsOf(REPAIRED, GOOD, REPAIRED), ['drift', undefined, 'drift']);
    assert.deepEqual(newsOf(HELD, HELD, REPAIRED, GOOD), ['drift', undefined, 'drift', undefined]);
    assert.deepEqual(newsOf(HELD, GOOD), ['drift', 'recovery']);
    assert.deepEqual(newsOf(ending(2, { ref: 'File[/a]', is: 'drift', origin: 'change' })), ['drift']);
    assert.deepEqual(
      newsOf({ ...ending(3), owed: 1 }),
      ['drift'],
      'a restart that is owed and may not be made',
    );
  });

  it('is told again after a day', () => {
    const day = Array.from({ length: 26 }, () => HELD);
    assert.deepEqual(
      newsOf(...day).flatMap((news, hour) => (news === undefined ? [] : [hour])),
      [0, 24],
    );
  });

  it('is nothing of a run that was stopped, or found another one under way', () => {
    for (const exitCode of [75, 130, 143])
      assert.equal(wordOf(ending(exitCode), undefined, new Date(NOON)), undefined);
    assert.deepEqual(newsOf(FAILED, ending(75), GOOD), ['failure', undefined, 'recovery']);
  });
});
