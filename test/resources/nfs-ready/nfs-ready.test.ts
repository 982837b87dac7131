import { strict as assert } from 'node:assert';
import { wait, type Clock } from '../../../src/resources/nfs-ready/wait.ts';
import nfsReady from '../../../src/resources/nfs-ready/index.ts';
import { FakeHost } from '../../support/fake-host.ts';

const EXPORTS = [{ path: '/srv/a', clients: ['10.0.0.0/24'] }];
const READY = {
  '/proc/fs/nfsd/threads': '8\n',
  '/proc/fs/nfsd/versions': '+3 +4 +4.1 +4.2\n',
  '/proc/fs/nfsd/portlist': 'tcp 2049\n',
  '/sys/fs/cgroup/system.slice/nfs-mountd.service/cgroup.procs': '942\n',
  '/var/lib/nfs/etab': '/srv/a\t10.0.0.0/24(rw)\n',
};
const SHOWMOUNT = 'showmount --exports --no-headers 127.0.0.1';
const STATUS = 'systemctl status --no-pager --lines=5 -- nfs-server.service nfs-mountd.service';

/** Time passes only where it is waited for; something may happen meanwhile. */
const clockOf = (meanwhile: (now: number) => void = () => undefined) => {
  const pauses: number[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => now,
    pause: (milliseconds) => {
      pauses.push(milliseconds);
      now += milliseconds;
      meanwhile(now);
      return Promise.resolve();
    },
  };
  return { clock, pauses };
};

describe('NfsReady, otherwise', () => {
  it('asks less and less often, and ends as soon as all is offered', async () => {
    const host = new FakeHost({
      files: { ...READY, '/proc/fs/nfsd/threads': '0\n' },
      commands: { [SHOWMOUNT]: '/srv/a 10.0.0.0/24\n' },
    });
    const { clock, pauses } = clockOf((now) => {
      if (now > 15_000) host.writeKernel('/proc/fs/nfsd/threads', '8');
    });
    await wait(host, EXPORTS, 120, clock);
    assert.deepEqual(pauses, [250, 500, 1000, 2000, 4000, 5000, 5000]);
    const progress = host.calls.filter(([name]) => name === 'progress').map(([, text]) => text);
    assert.equal(progress.length, pauses.length);
    assert.match(String(progress[2]), /^120 s left; the NFS server does not run/);
    assert.match(String(progress.at(-1)), /^108 s left; /);
  });

  it('gives up at the deadline, and says what is missing and what systemd knows', async () => {
    const host = new FakeHost({
      files: { ...READY, '/var/lib/nfs/etab': '' },
      commands: { [STATUS]: { code: 3, stdout: '× nfs-server.service - failed\n' } },
    });
    const { clock, pauses } = clockOf();
    await assert.rejects(
      wait(host, EXPORTS, 6, clock),
      new Error('not ready after 6 s: not offered: /srv/a to 10.0.0.0/24\n× nfs-server.service - failed'),
    );
    assert.equal(
      pauses.reduce((sum, one) => sum + one, 0),
      6000,
    );
  });

  it('goes on asking when a question itself fails, and tells the last answer', async () => {
    const host = new FakeHost({
      files: READY,
      commands: { [SHOWMOUNT]: { code: 124, stderr: 'no end' }, [STATUS]: '' },
    });
    await assert.rejects(wait(host, EXPORTS, 1, clockOf().clock), /not ready after 1 s: showmount .*no end/);
  });

  it('takes only a time that is one', () => {
    const parse = (timeout: string) => nfsReady.desired.safeParse({ exports: EXPORTS, timeout }).success;
    assert.deepEqual(['1s', '9999s', '2min'].map(parse), [true, true, true]);
    assert.deepEqual(['0s', '120', '-1s', '2h', '10000s'].map(parse), [false, false, false, false, false]);
  });
});
