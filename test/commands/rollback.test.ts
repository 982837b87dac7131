/** Runs taken back, by the packed program on a throw-away host. */
import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import { MANIFEST, World, type Ended } from '../support/world.ts';

const HOST = `version: 1
resources:
  - UnixGroup: { name: phxtest, gid: 4242 }
  - Directory: { path: /srv/d, mode: '0750', group: phxtest }
  - File: { path: /srv/d/made, content: "hello\\n" }
  - File: { path: /srv/changed, mode: '0600', content: "new\\n" }
  - File: { path: /srv/gone, ensure: absent }
  - Symlink: { path: /srv/link, target: d }
`;
const STATE = '/var/lib/phoenix';

describe('phoenix rollback', function () {
  this.timeout(90_000);
  let world: World;
  let run: string;

  const sh = async (script: string): Promise<string> => {
    const { code, stdout, stderr } = await world.run(['sh', '-ec', script]);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const look = (): Promise<string> =>
    sh(
      `find /srv -printf '%p %y %m %g %l\\n' | sort; cat /srv/changed /srv/gone 2>&1 || true; grep phxtest /etc/group || true`,
    );
  const rollback = (...args: string[]): Promise<Ended> => world.phoenix('rollback', run, ...args);
  const lastRun = async (): Promise<string> => (await sh(`ls -t ${STATE}/runs | head -n 1`)).trim();
  const records = (stdout: string): Record<string, unknown>[] =>
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  let before: string;
  beforeEach(async () => {
    world = await World.enter();
    world.manifest(HOST);
    await sh(
      'echo old >/srv/changed; chmod 0644 /srv/changed; echo precious >/srv/gone; ln -s nowhere /srv/link',
    );
    before = await look();
    assert.equal((await world.phoenix('setup')).code, 0);
    run = await lastRun();
  });
  afterEach(() => {
    world.leave();
  });

  it('brings back what was there, says that the manifest does not, and has nothing to do a second time', async () => {
    const after = await look();
    const looked = await rollback('--check');
    assert.equal(looked.code, 2, looked.stdout + looked.stderr);
    assert.equal(await look(), after);
    assert.match(
      looked.stdout,
      /^- Directory\[\/srv\/d\]: take back: create directory \/srv\/d .* {2}\[disruptive\]$/m,
    );

    const held = await rollback();
    assert.equal(held.code, 3, held.stdout);
    assert.match(held.stdout, /held back: disruptive; allow it with --yes/);
    const { code, stdout, stderr } = await rollback('--yes');
    assert.equal(code, 0, stdout + stderr);
    assert.equal(await look(), before);
    assert.match(
      stderr,
      new RegExp(`${MANIFEST} still declares what was taken back \\(.*File\\[/srv/changed\\].*\\)`),
    );

    const again = await rollback('--json');
    assert.equal(again.code, 0, again.stdout);
    assert.deepEqual(
      records(again.stdout).map(({ type }) => type),
      ['version', 'plan', 'end', 'note'],
    );
    assert.match((await world.phoenix('history')).stdout, /rollback {2}converged .*3 actions/);
    assert.equal((await world.phoenix('setup')).code, 0);
    assert.equal(await look(), after);
  });

  it('refuses what was changed since, unless it is told by name', async () => {
    await sh('echo theirs >/srv/changed; rm /srv/link');
    const refused = await rollback('--yes', '--keep-going');
    assert.equal(refused.code, 4, refused.stdout);
    assert.match(
      refused.stdout,
      /! File\[\/srv\/changed\]: refused: it was changed since run \S+, and is neither/,
    );
    assert.match(refused.stdout, /! Symlink\[\/srv\/link\]: refused: it was changed since/);
    assert.equal(await sh('cat /srv/changed'), 'theirs\n');
    assert.equal(await sh('cat /srv/gone'), 'precious\n');
    const told = await rollback(
      '--yes',
      '--even-changed',
      'File[/srv/changed]',
      '--even-changed',
      'Symlink[/srv/link]',
    );
    assert.equal(told.code, 0, told.stdout);
    assert.equal(await look(), before);
  });

  it('keeps what has become part of what the run made', async () => {
    await sh('echo data >/srv/d/theirs');
    const { code, stdout } = await rollback('--yes', '--keep-going');
    assert.equal(code, 4);
    assert.match(stdout, /Directory\[\/srv\/d\]: failed: /);
    assert.equal(await sh('cat /srv/d/theirs; cat /srv/changed'), 'data\nold\n');
  });

  it('takes back a part, with what required it', async () => {
    const { code, stdout } = await rollback('--yes', '--only', 'Directory[/srv/d]');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /2 converged/);
    assert.equal(await sh('test ! -e /srv/d; cat /srv/changed'), 'new\n');
  });

  it('takes back what a killed run had come to', async () => {
    const folder = world.path(`${STATE}/runs/${run}`);
    fs.removeSync(`${folder}/report.json`);
    const journal = fs.readFileSync(`${folder}/journal.jsonl`, 'utf8').split('\n');
    const end = journal.findIndex((line) => line.includes('"ref":"File[/srv/changed]"'));
    fs.writeFileSync(`${folder}/journal.jsonl`, `${journal.slice(0, end + 1).join('\n')}\n{"is":"en`);
    fs.removeSync(world.path(`${STATE}/history.jsonl`));
    const { code, stdout } = await rollback('--yes');
    assert.equal(code, 0, stdout);
    assert.equal(await sh('test ! -e /srv/d; cat /srv/changed; readlink /srv/link'), 'old\nd\n');
  });

  it('refuses what it cannot take back at all', async () => {
    assert.equal((await rollback('--yes')).code, 0);
    const own = run;
    run = await lastRun();
    const rolled = await rollback();
    assert.equal(rolled.code, 64);
    assert.match(rolled.stderr, new RegExp(`is itself a rollback, of run ${own}; \`phoenix setup\``));
    fs.removeSync(world.path(`${STATE}/runs/${own}/journal.jsonl`));
    run = own;
    assert.match((await rollback()).stderr, /changed nothing: there is nothing to take back/);
    fs.writeFileSync(world.path(`${STATE}/runs/${own}/journal.jsonl`), '{"is":"run"}\n');
    assert.match((await rollback()).stderr, /is damaged, or of a version of phoenix that kept less/);
    assert.equal((await world.phoenix('rollback', '1999')).code, 64);
  });
});
