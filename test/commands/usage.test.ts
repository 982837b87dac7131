/** What is said, and which exit code is given, when a command cannot do its work. */
import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { MANIFEST, PHOENIX, World } from '../support/world.ts';

const GOOD = `version: 1
resources:
  - Directory: { path: /srv/d }
`;
/** Three things are wrong with it. */
const BAD = `version: 1
initial:
  timezone: 17
resources:
  - Directory: { path: srv/d }
  - Fil: { path: /srv/f }
`;

describe('phoenix', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let world: World;

  before(async () => {
    world = await World.enter();
  });
  after(() => {
    world.leave();
  });
  beforeEach(() => {
    world.manifest(GOOD);
  });

  const said = async (code: number, message: RegExp, ...args: string[]): Promise<void> => {
    const ended = await world.phoenix(...args);
    assert.equal(ended.code, code, `${args.join(' ')}: ${ended.stdout}${ended.stderr}`);
    assert.match(ended.stderr, message);
    assert.equal(ended.stdout, '');
  };

  it('gives 64 for a command line that makes no sense', async () => {
    await said(64, /^phoenix: "converge" is not a command; the commands are setup, /, 'converge');
    await said(64, /^phoenix: Nonexistent flag: --frobnicate\n/, 'setup', '--frobnicate');
    await said(
      64,
      /^phoenix: "alice" is not the name of a resource; expected KIND\[NAME\]/,
      'explain',
      'alice',
    );
    await said(64, /"x" is not the name of a resource/, 'setup', '--only', 'x');
    await said(
      64,
      /--skip nowhere: there is no such step; the steps are initial, /,
      'setup',
      '--skip',
      'nowhere',
    );
    await said(64, /--only File\[\/x\]: the manifest has no such resource/, 'setup', '--only', 'File[/x]');
    await said(64, /File\[\/x\] is not in /, 'explain', 'File[/x]');
    await said(
      64,
      /Expected --max-risk=destructive to be one of: safe, disruptive/,
      'setup',
      '--max-risk',
      'destructive',
    );
    await said(64, /NoSuchKind cannot be listed; these can: /, 'show', 'NoSuchKind');
    await said(64, /^phoenix: "\\x1b\[2J" is not a command/, '\u001b[2J');
  });

  it('gives 78 for a manifest that is not there, or wrong, with all that is wrong with it', async () => {
    await said(
      78,
      /^phoenix: \/etc\/none\.yaml does not exist\n$/,
      'setup',
      '--check',
      '--manifest',
      '/etc/none.yaml',
    );
    world.manifest(BAD);
    for (const command of [['validate'], ['setup'], ['show'], ['explain', 'File[/x]']]) {
      const { code, stdout, stderr } = await world.phoenix(...command);
      assert.equal(code, 78, command.join(' '));
      assert.equal(stdout, '');
      for (const place of [':3:13: ', ':5:24: ', ':6:5: '])
        assert.ok(stderr.includes(MANIFEST + place), stderr);
      assert.match(stderr, /\n3 errors; nothing was changed\n\n?$/);
    }
  });

  it('validates, as text and as records', async () => {
    assert.deepEqual(await world.source('validate'), {
      code: 0,
      stdout: `${MANIFEST} is valid: 1 resource\n`,
      stderr: '',
    });
    const good = await world.source('validate', '--json');
    assert.match(good.stdout, /^\{"type":"version",.*\}\n\{"type":"valid","resources":1\}\n$/);
    world.manifest(BAD);
    for (const command of [
      ['validate', '--json'],
      ['setup', '--json'],
    ]) {
      const { code, stdout } = await world.source(...command);
      assert.equal(code, 78);
      const records = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string });
      // `setup` says the version for its own records too.
      const types = records
        .map(({ type }) => type)
        .filter((type, index) => type !== 'version' || index === 0);
      assert.deepEqual(types, ['version', 'problem', 'problem', 'problem']);
    }
  });

  it('refuses a manifest that others could have written, and names what is wrong', async () => {
    const refused = async (message: RegExp): Promise<void> => {
      for (const command of ['validate', 'setup']) {
        const { code, stderr } = await world.phoenix(command, '--manifest', '/srv/etc/phoenix.yaml');
        assert.equal(code, 77);
        assert.match(stderr, message);
      }
    };
    const path = world.path('/srv/etc/phoenix.yaml');
    fs.outputFileSync(path, GOOD, { mode: 0o666 });
    fs.chmodSync(path, 0o666);
    await refused(
      /^phoenix: \/srv\/etc\/phoenix\.yaml is writable by everybody \(mode 0666\); .* chmod go-w /,
    );
    fs.chmodSync(path, 0o644);
    fs.chmodSync(world.path('/srv/etc'), 0o777);
    await refused(
      /\/srv\/etc\/phoenix\.yaml cannot be trusted: \/srv\/etc is writable by everybody \(mode 0777\)/,
    );
    fs.chmodSync(world.path('/srv/etc'), 0o755);
    fs.chownSync(path, 1000, 0);
    await refused(/phoenix\.yaml is owned by uid 1000, expected root; .* chown root:root /);
    fs.chownSync(path, 0, 0);
    assert.equal((await world.phoenix('validate', '--manifest', '/srv/etc/phoenix.yaml')).code, 0);
    assert.equal(fs.existsSync(world.path('/srv/d')), false);
  });

  it('wants root where it reads or changes the host, and says so', async () => {
    const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', PHOENIX];
    for (const command of [['setup'], ['setup', '--check'], ['show'], ['explain', 'File[/x]']]) {
      const { code, stderr } = await world.run([...nobody, ...command]);
      assert.equal(code, 77, stderr);
      assert.equal(stderr, 'phoenix: only root can read and change what phoenix manages; run it with sudo\n');
    }
    // A manifest that only root can read is no bug of phoenix.
    const validated = await world.run([...nobody, 'validate']);
    assert.equal(validated.code, 77);
    assert.equal(validated.stderr, `phoenix: cannot read ${MANIFEST}: EACCES\n`);
  });

  it('says what it is, and what it can', async () => {
    const { version } = fs.readJsonSync('package.json') as { version: string };
    assert.equal((await world.phoenix('--version')).stdout, `phoenix ${version}\n`);
    assert.match((await world.source('--version')).stdout, /^phoenix 0\.0\.0-source\n$/);
    for (const args of [[], ['--help'], ['help']]) {
      const { code, stdout } = await (args.length === 0 ? world.source() : world.phoenix(...args));
      assert.equal(code, 0);
      for (const command of ['setup', 'validate', 'show', 'explain'])
        assert.ok(stdout.includes(command), stdout);
    }
    assert.match((await world.phoenix('setup', '--help')).stdout, /--keep-going/);
    assert.match((await world.phoenix('help', 'setup')).stdout, /--keep-going/);
  });

  it('shows what is live, and explains a resource', async () => {
    assert.equal((await world.phoenix('show', 'UnixGroup')).stdout, '# nothing to show\n');
    assert.match((await world.source('show', '--all', 'UnixUser')).stdout, /^resources:\n {2}- UnixUser:\n/);
    const missing = await world.phoenix('show', '--manifest', `${folder.path}/none.yaml`, 'Timezone');
    assert.equal(missing.code, 0, missing.stderr);
    const { stdout } = await world.source('explain', 'Directory[/srv/d]');
    assert.match(stdout, /^Directory\[\/srv\/d\], of step 15, resources; declared at resources\S+\n\+ /);
    assert.match(stdout, /\nrequires: nothing\nrequired by: nothing\n$/);
  });
});
