import { strict as assert } from 'node:assert';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'fs-extra';
import sinon from 'sinon';
import { LockHeld, takeLock, type Holder } from '../../src/host/lock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SINCE = '2026-01-02T03:04:05.000Z';
const holder = (more: Partial<Holder> = {}): Holder => ({
  pid: 4711,
  command: 'phoenix setup --yes',
  user: 'alice',
  since: SINCE,
  ...more,
});

describe('the lock', () => {
  const folder = temporaryFolder();
  let state: string;

  beforeEach(() => {
    state = `${folder.path}/state`;
  });
  afterEach(() => {
    sinon.restore();
  });

  const refusedAfter = async (milliseconds: number): Promise<string> => {
    const clock = sinon.useFakeTimers({ now: Date.parse(SINCE) + milliseconds, toFake: ['Date'] });
    try {
      await takeLock(state, holder());
      return 'taken';
    } catch (error) {
      assert.ok(error instanceof LockHeld);
      return error.message;
    } finally {
      clock.restore();
    }
  };

  it('is held by one; the second is told by whom and since when', async () => {
    const release = await takeLock(state, holder());
    const told = 'another run is under way: pid 4711 (phoenix setup --yes), started by alice';
    assert.equal(await refusedAfter(90_000), `${told} 90 s ago`);
    assert.equal(await refusedAfter(45 * 60_000), `${told} 45 min ago`);
    assert.equal(await refusedAfter(5 * 3_600_000), `${told} 5 h ago`);
    assert.equal(await refusedAfter(-5000), `${told} 0 s ago`);
    release();
    (await takeLock(state, holder()))();
  });

  it('is root’s alone, and sweeps what a killed run left in the state directory', async () => {
    fs.ensureDirSync(state);
    fs.writeFileSync(`${state}/.phoenix-tmp-0123`, 'half');
    const release = await takeLock(state, holder());
    assert.equal(fs.statSync(`${state}/lock`).mode & 0o777, 0o600);
    assert.deepEqual(fs.readdirSync(state), ['lock']);
    release();
    assert.equal(fs.readFileSync(`${state}/lock`, 'utf8'), '');
  });

  it('tells what it can when the holder has not said who it is, or another version wrote it', async () => {
    const release = await takeLock(state, holder());
    for (const content of ['', '{"pid":1', 'null', '17', '{"pid":1}']) {
      fs.writeFileSync(`${state}/lock`, content);
      assert.equal(await refusedAfter(0), `another run holds ${state}/lock`);
    }
    release();
  });

  it('is free as soon as its holder was killed', async () => {
    const script = `
      import { takeLock } from '${import.meta.dirname}/../../src/host/lock.ts';
      await takeLock('${state}', { pid: process.pid, command: 'c', user: 'u', since: '${SINCE}' });
      console.log('held');
      setInterval(() => {}, 1000);`;
    const child: ChildProcess = spawn(
      process.execPath,
      ['--import=tsx', '--input-type=module', '-e', script],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_V8_COVERAGE: '' } },
    );
    await once(child.stdout!, 'data');
    assert.match(await refusedAfter(0), new RegExp(`^another run is under way: pid ${child.pid} \\(c\\)`));
    child.kill('SIGKILL');
    await once(child, 'exit');
    (await takeLock(state, holder()))();
  });
});
