import { strict as assert } from 'node:assert';
import { UNLESS_TOLD } from '../../src/engine/schedule.ts';
import { pauseText } from '../../src/report/pause-text.ts';
import { scheduleText, type Standing } from '../../src/report/schedule-text.ts';

const STANDING: Standing = {
  timer: { enabled: true, active: true, next: 'Fri 2026-11-27 20:07:12 UTC', last: '' },
  schedule: { ...UNLESS_TOLD, quiet: [{ from: 1320, to: 360 }] },
  asWanted: true,
};
const said = (more: Partial<Standing> = {}): string => scheduleText({ ...STANDING, ...more });

describe('schedule status', () => {
  it('says when the timer strikes next, what a run does, and how the last one ended', () => {
    assert.equal(
      said(),
      'timer: next run Fri 2026-11-27 20:07:12 UTC\n' +
        'manifest: hourly, up to 10m later; converges, at most what is safe; only reports at 22:00-06:00\n' +
        'last run: none yet\n',
    );
    const last = {
      run: 'R',
      at: '2026-11-27T19:07:12.000Z',
      does: 'setup' as const,
      by: 'the timer',
      version: '1',
      manifest: 'abc',
      exitCode: 3,
      milliseconds: 1,
      inSync: 1,
      actions: 0,
      owed: 0,
      differed: [],
    };
    assert.match(said({ last }), /\nlast run: R, setup, held back \(exit code 3\)\n$/);
    assert.match(said({ schedule: { ...UNLESS_TOLD, mode: 'check' } }), /\nmanifest: .*; only reports\n/);
  });

  it('says what is wrong: not set up, not running, otherwise than the manifest says, paused', () => {
    const timer = { enabled: false, active: false, next: '', last: '' };
    assert.match(
      said({ timer, asWanted: false }),
      /^timer: not set up; phoenix schedule enable\nmanifest: .*\nlast run/,
    );
    assert.match(
      said({ timer: { ...timer, enabled: true } }),
      /^timer: set up and not running; systemctl start/,
    );
    assert.match(said({ asWanted: false }), /\nthe timer is set up otherwise than the manifest says; /);
    assert.match(said({ pause: { why: 'x', by: 'a', since: 's' } }), /\npaused by a since s: x\nlast run/);
  });

  it('shows why there is a pause in one line that cannot act on a terminal', () => {
    assert.equal(
      pauseText({ why: 'a\nb\x1b[2J', by: 'a', since: 's', until: 'u' }),
      'paused by a since s, until u: a\\nb\\x1b[2J',
    );
  });
});
