/** Plans as files, by the packed program on a throw-away host. */
import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import { MANIFEST, World, type Ended } from '../support/world.ts';

const HOST = `version: 1
resources:
  - Directory: { path: /srv/d, mode: '0750' }
  - File: { path: /srv/d/f, content: "hello\\n" }
  - File: { path: /srv/d/private, mode: '0600', content: "hunter2\\n" }
`;
const PLAN = '/etc/phoenix/plan.json';

describe('phoenix setup --save and --plan', function () {
  this.timeout(90_000);
  let world: World;

  beforeEach(async () => {
    world = await World.enter();
    world.manifest(HOST);
  });
  afterEach(() => {
    world.leave();
  });

  const save = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await world.phoenix('setup', '--save', PLAN, ...args);
    assert.deepEqual({ code, stderr }, { code: 2, stderr: '' });
  };
  const apply = (...args: string[]): Promise<Ended> => world.phoenix('setup', '--plan', PLAN, ...args);
  const exists = (path: string): boolean => fs.existsSync(world.path(path));
  const edit = (change: (saved: Record<string, unknown>) => void): void => {
    const saved = fs.readJsonSync(world.path(PLAN)) as Record<string, unknown>;
    change(saved);
    fs.writeJsonSync(world.path(PLAN), saved);
  };

  it('carries out what was saved, once, wherever the file was copied', async () => {
    await save();
    assert.equal(exists('/srv/d'), false);
    assert.equal(fs.statSync(world.path(PLAN)).mode & 0o777, 0o600);
    const text = fs.readFileSync(world.path(PLAN), 'utf8');
    assert.doesNotMatch(text, /hunter2/);
    assert.match(text, /hello/);
    assert.equal((await world.phoenix('setup', '--save', PLAN)).code, 64);

    const looked = await apply('--check');
    assert.equal(looked.code, 2, looked.stdout);
    const done = await apply();
    assert.equal(done.code, 0, done.stdout + done.stderr);
    assert.equal(fs.readFileSync(world.path('/srv/d/f'), 'utf8'), 'hello\n');

    await world.run(['sh', '-c', `rm -r /srv/d; cp ${PLAN} /etc/phoenix/copy.json`]);
    const again = await world.phoenix('setup', '--plan', '/etc/phoenix/copy.json');
    assert.equal(again.code, 3);
    assert.match(
      again.stdout,
      /copy\.json is not carried out: run \S+ has carried it out at .* UTC; nothing was changed\n$/,
    );
    assert.equal(exists('/srv/d'), false);
  });

  it('refuses a host that is not as it was, and shows what differs', async () => {
    await save();
    await world.run(['sh', '-c', 'mkdir -m 0750 /srv/d; echo other >/srv/d/f']);
    const refused = await apply();
    assert.equal(refused.code, 3);
    assert.match(
      refused.stdout,
      /^Directory\[\/srv\/d\]\n {2}saved:\n {4}\+ Directory.*\n(?: {8}.*\n)+ {2}now: in sync\nFile/,
    );
    assert.match(
      refused.stdout,
      /^File\[\/srv\/d\/f\]\n {2}saved:\n {4}\+ (?:.*\n)+ {2}now:\n {4}~ (?:.*\n)+.*-other/m,
    );
    assert.doesNotMatch(refused.stdout, /private|hunter2/);
    assert.match(refused.stdout, /the host is not as it was when it was saved; nothing was changed\n$/);
    assert.equal(fs.readFileSync(world.path('/srv/d/f'), 'utf8'), 'other\n');
    const records = (await apply('--json')).stdout.trim().split('\n').slice(1);
    const [record] = records.map(
      (line) => JSON.parse(line) as { type: string; differences: { ref: string }[] },
    );
    assert.equal(record?.type, 'plan-refused');
    assert.deepEqual(
      record.differences.map(({ ref }) => ref),
      ['Directory[/srv/d]', 'File[/srv/d/f]'],
    );
  });

  it('refuses what is out of time, of another machine or version, or of another manifest', async () => {
    await save('--valid-for', '8h');
    edit((saved) => {
      assert.equal(Date.parse(String(saved['expires'])) - Date.parse(String(saved['at'])), 8 * 3_600_000);
      saved['expires'] = saved['at'];
      saved['host'] = '0'.repeat(32);
      saved['version'] = '9';
    });
    fs.appendFileSync(world.path(MANIFEST), '# other\n');
    const { code, stdout } = await apply();
    assert.equal(code, 3);
    for (const reason of [
      'saved on another machine',
      'it expired at',
      'phoenix 9 saved it',
      `${MANIFEST} has changed since`,
    ])
      assert.ok(stdout.includes(reason), stdout);
    edit((saved) => {
      saved['at'] = '2999-01-01T00:00:00.000Z';
    });
    assert.match((await apply()).stdout, /it was saved at 2999-01-01 00:00:00 UTC, which is yet to come/);
    assert.equal(exists('/srv/d'), false);
  });

  it('refuses when a file that the manifest names has changed', async () => {
    const source = world.path('/etc/phoenix/text');
    fs.writeFileSync(source, 'one\n');
    world.manifest('version: 1\nresources:\n  - File: { path: /srv/f, source: text }\n');
    await save();
    fs.writeFileSync(source, 'two\n');
    const { code, stdout } = await apply();
    assert.equal(code, 3);
    assert.match(stdout, /a file that the manifest names has changed since/);
  });

  it('leaves out what it was saved without, and takes no other choice', async () => {
    await save('--only', 'File[/srv/d/f]');
    assert.equal((await apply('--only', 'Directory[/srv/d]')).code, 64);
    assert.equal((await apply('--manifest', MANIFEST)).code, 64);
    assert.equal((await apply()).code, 0);
    assert.equal(exists('/srv/d/private'), false);
    assert.equal((await world.phoenix('setup', '--save', '/etc/phoenix/n', '--valid-for', '8')).code, 64);
  });

  it('is no consent: what is more than safe is held back, and that does not use it up', async () => {
    fs.writeFileSync(world.path('/etc/fstab'), '');
    world.manifest("version: 1\nresources:\n  - File: { path: /etc/fstab, mode: '0600' }\n");
    await save();
    for (const args of [[], ['--yes']]) {
      const held = await apply(...args);
      assert.equal(held.code, 3);
      assert.match(
        held.stdout,
        /held back: destructive; allow it by its name: --confirm 'File\[\/etc\/fstab\]'/,
      );
    }
    const done = await apply('--confirm', 'File[/etc/fstab]');
    assert.equal(done.code, 0, done.stdout);
  });

  it('trusts only a file that a manifest could be, and that is a plan', async () => {
    await save();
    fs.chmodSync(world.path(PLAN), 0o666);
    assert.equal((await apply()).code, 77);
    fs.writeFileSync(world.path(PLAN), '{"format":2}', { mode: 0o600 });
    fs.chmodSync(world.path(PLAN), 0o600);
    const { code, stderr } = await apply();
    assert.equal(code, 64);
    assert.match(stderr, /plan\.json is no plan that this phoenix has saved/);
    await world.run(['sh', '-c', 'mkdir -m 0777 /srv/open']);
    const open = await world.phoenix('setup', '--save', '/srv/open/plan.json');
    assert.equal(open.code, 77);
    assert.equal(exists('/srv/open/plan.json'), false);
  });
});
