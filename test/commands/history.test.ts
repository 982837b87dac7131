/** The history and reports of whole runs, on a throw-away host. */
import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import { World } from '../support/world.ts';

const HOST = `version: 1
resources:
  - Directory: { path: /srv/d, mode: '0750' }
  - File: { path: /srv/d/f, content: "hello\\n" }
`;

describe('phoenix history and report', function () {
  this.timeout(90_000);
  let world: World;

  before(async () => {
    world = await World.enter();
    world.manifest(HOST);
  });
  after(() => {
    world.leave();
  });

  const json = async (...args: string[]): Promise<Record<string, unknown>[]> =>
    (await world.phoenix(...args, '--json')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const origins = async (): Promise<unknown> => {
    const last = (await json('history')).at(-1) as { differed: { ref: string; origin: string }[] };
    return Object.fromEntries(last.differed.map(({ ref, origin }) => [ref, origin]));
  };

  it('say that there is nothing before the first run', async () => {
    assert.deepEqual(await world.phoenix('history'), { code: 0, stdout: 'no run is kept yet\n', stderr: '' });
    const none = await world.phoenix('report');
    assert.deepEqual([none.code, none.stderr], [64, 'phoenix: no run is kept yet\n']);
  });

  it('tell drift from change', async () => {
    assert.equal((await world.phoenix('setup')).code, 0);
    assert.deepEqual(await origins(), { 'Directory[/srv/d]': 'new', 'File[/srv/d/f]': 'new' });
    await world.run(['sh', '-c', 'echo other >/srv/d/f']);
    const check = await world.phoenix('setup', '--check');
    assert.match(
      check.stdout,
      /\nWhy: 1 resource changed on the host since phoenix last saw it in sync\nPlan: /,
    );
    assert.deepEqual(await origins(), { 'File[/srv/d/f]': 'drift' });
    world.manifest(HOST.replace('0750', '0755'));
    assert.equal((await world.phoenix('setup')).code, 0);
    assert.deepEqual(await origins(), { 'Directory[/srv/d]': 'change', 'File[/srv/d/f]': 'drift' });
  });

  it('have a line for every run, also for one that changes nothing', async () => {
    assert.deepEqual(await world.phoenix('setup'), { code: 0, stdout: '', stderr: '' });
    const { stdout } = await world.phoenix('history', '--no-color');
    assert.deepEqual(
      stdout
        .trim()
        .split('\n')
        .map((line) => /(setup|check) +(in sync|converged|drift)/.exec(line)?.[0]),
      ['setup  converged', 'check  drift', 'setup  converged', 'setup  in sync'],
    );
    assert.equal((await json('history', '--limit', '2')).length, 3);
  });

  it('give a run in each form', async () => {
    const [, , , run] = (await json('history')) as unknown as { run: string }[];
    const text = await world.source('report', run!.run.slice(0, 16).concat(run!.run.slice(16)));
    assert.match(text.stdout, /^run \S+: setup, converged \(exit code 0\)\n/);
    assert.match(text.stdout, /\nDirectory\[\/srv\/d\]: converged, changed in the manifest\n/);
    assert.match(text.stdout, /\n {6}-other\n {6}\+hello\n/);
    const [, report] = await json('report', run!.run);
    assert.deepEqual(Object.keys(report!), ['type', 'host', 'entry', 'plan', 'outcomes']);
    assert.match(
      (await world.source('report', run!.run, '--junit')).stdout,
      /<testsuite name="phoenix setup" tests="2"/,
    );
    assert.match((await world.source('report', run!.run, '--html')).stdout, /^<!DOCTYPE html>/);
    assert.match(
      (await world.source('report', '--prom')).stdout,
      /^phoenix_last_run_success\{does="setup"\} 1$/m,
    );
    assert.equal((await world.phoenix('report', '--html', '--prom')).code, 64);
  });

  it('write a report where they are told, whole, and nowhere through a symlink of somebody else', async () => {
    await world.phoenix('report', '--prom', '--to', '/srv/phoenix.prom');
    const told = await world.run([
      'sh',
      '-c',
      'stat -c %a /srv/phoenix.prom; ls -A /srv; head -c 6 /srv/phoenix.prom',
    ]);
    assert.equal(told.stdout, '644\nd\nphoenix.prom\n# HELP');
    await world.run([
      'sh',
      '-c',
      'mkdir -m 777 /srv/open; ln -s /etc /srv/open/x; chown -h 1234 /srv/open/x',
    ]);
    const refused = await world.phoenix('report', '--html', '--to', '/srv/open/x/page.html');
    assert.equal(refused.code, 77, refused.stderr);
    assert.equal(fs.existsSync(world.path('/etc/page.html')), false);
  });

  it('tell drift from change also after what was declared was first refused, then brought about by hand', async () => {
    world.manifest(HOST.replace('hello', 'good day').replace('0750', '0755'));
    await world.run(['sh', '-c', 'rm /srv/d/f; mkdir /srv/d/f']);
    assert.notEqual((await world.phoenix('setup')).code, 0);
    assert.deepEqual(await origins(), { 'File[/srv/d/f]': 'change' });
    await world.run(['sh', '-c', 'rmdir /srv/d/f; echo good day >/srv/d/f']);
    assert.equal((await world.phoenix('setup')).code, 0);
    await world.run(['sh', '-c', 'echo other >/srv/d/f']);
    assert.equal((await world.phoenix('setup')).code, 0);
    assert.deepEqual(await origins(), { 'File[/srv/d/f]': 'drift' });
  });

  it('do not mind that the history cannot be written', async () => {
    fs.removeSync(world.path('/var/lib/phoenix/history.jsonl'));
    fs.ensureDirSync(world.path('/var/lib/phoenix/history.jsonl'));
    const { code, stderr } = await world.phoenix('setup');
    assert.equal(code, 0);
    assert.match(stderr, /^phoenix: the history could not be kept in \/var\/lib\/phoenix: EISDIR/);
  });
});
