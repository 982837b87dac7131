/** What the timer's units start, on a throw-away host. */
import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import { MANIFEST, World } from '../support/world.ts';

const manifest = (schedule: string): string => `version: 1
schedule: { ${schedule} }
resources:
  - File: { path: /srv/f, content: "hello\\n" }
  - File: { path: /srv/g, content: "x\\n" }
    restarts: [cron.service]
`;

describe('phoenix scheduled', function () {
  this.timeout(60_000);
  let world: World;
  const hasConverged = (): boolean => fs.existsSync(world.path('/srv/f'));

  beforeEach(async () => {
    world = await World.enter();
    world.manifest(manifest(''));
  });
  afterEach(() => {
    world.leave();
  });

  it('does what is safe, holds back the rest, and is in the history as what it is', async () => {
    const { code, stdout } = await world.phoenix('scheduled');
    assert.equal(code, 3, stdout);
    assert.ok(hasConverged());
    assert.match(stdout, /File\[\/srv\/g\]: held back: disruptive, and this run is limited to safe\n/);
    assert.match((await world.phoenix('history')).stdout, / held back .* by the timer\n$/);
  });

  it('says nothing when all is in sync', async () => {
    world.manifest('version: 1\nresources:\n  - File: { path: /srv/f, content: x }\n');
    assert.equal((await world.phoenix('scheduled')).code, 0);
    assert.deepEqual(await world.phoenix('scheduled'), { code: 0, stdout: '', stderr: '' });
  });

  it('only reports with --check, by the manifest, or within a quiet window', async () => {
    const reports = async (...flags: string[]): Promise<void> => {
      const { code, stdout } = await world.phoenix('scheduled', ...flags);
      assert.equal(code, 2, stdout);
      assert.match(stdout, /^\+ File\[\/srv\/f\]: create/);
      assert.ok(!hasConverged());
    };
    await reports('--check');
    world.manifest(manifest('mode: check'));
    await reports();
    world.manifest(manifest("quiet: ['00:00-12:00', '12:00-00:00']"));
    await reports();
    await reports('--check');
  });

  it('does nothing while it is paused, and says why; setup by hand warns and goes on', async () => {
    await world.phoenix('pause', 'a disk');
    const { code, stdout } = await world.phoenix('scheduled');
    assert.equal(code, 0);
    assert.match(stdout, /^nothing is done: paused by \w+ since 20\S+: a disk\n$/);
    assert.ok(!hasConverged());
    assert.doesNotMatch((await world.phoenix('setup', '--check')).stderr, /paused/);
    const byHand = await world.phoenix('setup', '--yes');
    assert.match(byHand.stderr, /runs by the timer are paused by \w+ .*: a disk; this run goes on/);
    assert.ok(hasConverged());
    assert.match((await world.phoenix('report')).stdout, /\nruns by the timer are paused by /);
    assert.equal((await world.phoenix('resume')).stdout, 'no longer paused\n');
    assert.equal((await world.phoenix('resume')).stdout, 'not paused\n');
    assert.doesNotMatch((await world.phoenix('report')).stdout, /paused/);
  });

  it('refuses what it cannot do with the code that says why', async () => {
    const refused = async (code: number, message: RegExp, ...args: string[]): Promise<void> => {
      const ended = await world.phoenix(...args);
      assert.equal(ended.code, code, ended.stderr);
      assert.match(ended.stderr, message);
    };
    await refused(64, /^phoenix: Unknown option '--yes'/, 'scheduled', '--yes');
    await refused(64, /--until yesterday: expected a time to come/, 'pause', 'x', '--until', 'yesterday');
    await refused(64, /^phoenix: say why, /, 'pause', ' ');
    await refused(64, /Expected yes to be one of: enable, disable, status, run-now/, 'schedule', 'yes');
    world.manifest('version: 1\nschedule: { often: 1 }\n');
    await refused(78, /:2:13: schedule\.often: unknown key "often"/, 'scheduled');
    await refused(78, /unknown key "often"/, 'schedule', 'enable');
    fs.chmodSync(world.path(MANIFEST), 0o666);
    await refused(77, /phoenix\.yaml is writable by everybody/, 'scheduled');
  });
});
