import { strict as assert } from 'node:assert';
import type { Differing } from '../../src/engine/run-summary.ts';
import { ntfyMessage, titleOf, webhookMessage, type Notification } from '../../src/report/notification.ts';

const A: Differing = { ref: 'File[/srv/a]', is: 'drift', origin: 'drift', result: 'held' };
const HELD: Notification = {
  news: 'drift',
  host: 'pve1',
  version: '1.2.3',
  at: '2026-11-27T12:00:00.000Z',
  exitCode: 3,
  differed: [A, { ref: 'SudoRule[x]', is: 'unknown', result: 'unknown' }],
  owed: 1,
};
const TEXT = `phoenix on pve1: differs from the manifest, and waits for you
File[/srv/a]: held back, changed on the host
SudoRule[x]: unreadable
1 restart or reload owed
exit code 3; phoenix report on the host says more`;

describe('a notification', () => {
  it('names what differs and how it ended, for programs and for people', () => {
    const { headers, body } = webhookMessage(HELD);
    assert.equal(headers['content-type'], 'application/json');
    assert.deepEqual(JSON.parse(body), {
      type: 'phoenix',
      schema: '1.0',
      news: 'drift',
      host: 'pve1',
      version: '1.2.3',
      at: '2026-11-27T12:00:00.000Z',
      exitCode: 3,
      owed: 1,
      text: TEXT,
      resources: HELD.differed,
      differed: 2,
    });
    const ntfy = ntfyMessage(HELD);
    assert.deepEqual(ntfy.headers, { title: TEXT.split('\n')[0], priority: 'default', tags: 'warning' });
    assert.equal(ntfy.body, TEXT.split('\n').slice(1).join('\n'));
  });

  it('stays short, and names what a header or a terminal cannot take otherwise', () => {
    const many = Array.from({ length: 14 }, (_, index): Differing => ({
      ...A,
      ref: `File[/${index}\n\x1b]`,
    }));
    const { body } = ntfyMessage({ ...HELD, differed: many, owed: 0 });
    assert.equal(body.split('\n').length, 12);
    assert.match(body, /^File\[\/0\\n\\x1b\]: held back/);
    assert.match(body, /\n… 4 more\n/);
    assert.equal(
      ntfyMessage({ ...HELD, host: 'pvé\r\n' }).headers['title']?.startsWith('phoenix on pv???:'),
      true,
    );
  });

  it('says in a few words what has happened', () => {
    const title = (more: Partial<Notification>): string => titleOf({ ...HELD, ...more });
    assert.match(title({ news: 'recovery', exitCode: 0 }), /pve1: as the manifest says again$/);
    assert.match(title({ exitCode: 0 }), /: drifted, and was brought back$/);
    assert.match(title({ exitCode: 2 }), /; only reported$/);
    assert.match(title({ news: 'failure', exitCode: 78 }), /: the manifest is wrong, or not there$/);
    assert.match(title({ news: 'failure', exitCode: 64 }), /: ended with 64$/);
    const check: Differing = { ref: 'File[/srv/a]', is: 'drift', origin: 'change' };
    assert.match(
      ntfyMessage({ ...HELD, differed: [check] }).body,
      /^File\[\/srv\/a\]: differs, changed in the manifest\n/,
    );
  });
});
