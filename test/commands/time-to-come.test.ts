import { strict as assert } from 'node:assert';
import { UsageError } from '../../src/commands/errors.ts';
import { timeToCome } from '../../src/commands/time-to-come.ts';

/** Noon, by whatever clock the machine has. */
const NOON = new Date(2026, 10, 27, 12, 0);
const after = (hours: number): string => new Date(NOON.getTime() + hours * 3_600_000).toISOString();

describe('--until', () => {
  it('takes how long, a time of the day, or a date', () => {
    for (const [text, hours] of [
      ['30min', 0.5],
      ['2h', 2],
      ['3d', 72],
      ['18:00', 6],
      ['12:00', 24],
      ['9:30', 21.5],
      ['2026-11-28', 12],
      ['2026-11-28T08:00', 20],
      ['2026-11-28 08:00:00', 20],
    ] as const)
      assert.equal(timeToCome(text, NOON), after(hours), text);
    assert.equal(timeToCome('2026-12-01T08:00Z', NOON), '2026-12-01T08:00:00.000Z');
    assert.equal(timeToCome('2026-12-01T08:00+02:00', NOON), '2026-12-01T06:00:00.000Z');
  });

  it('refuses what has passed, and what is no time', () => {
    for (const text of [
      '2026-11-27T11:59',
      '2020-01-01',
      '0h',
      '2 h',
      '2w',
      '25:00',
      '12',
      'tomorrow',
      '',
      '2026-13-01',
      '10000d',
    ])
      assert.throws(() => timeToCome(text, NOON), UsageError, text);
  });
});
