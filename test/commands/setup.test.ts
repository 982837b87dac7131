/** Whole runs of the packed program on a throw-away host. */
import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import { MANIFEST, PHOENIX, World } from '../support/world.ts';

const HOST = `version: 1
resources:
  - UnixGroup: { name: phxtest, gid: 4242 }
  - Directory: { path: /srv/d, mode: '0750' }
  - File: { path: /srv/d/f, mode: '0640', group: phxtest, content: "hello\\n" }
  - Symlink: { path: /srv/link, target: d }
`;
/** Its second file is held back: it owes a restart. */
const WITH_DISRUPTIVE = `${HOST}  - File: { path: /srv/d/g, content: "x\\n" }
    restarts: [cron.service]
`;

/** A program of the host that waits until it is told to go on. */
const slowDown = async (world: World, program: string): Promise<void> => {
  fs.writeFileSync(
    world.path('/mnt/slow'),
    `#!/bin/sh\ntouch /mnt/slow-began\nuntil [ -e /mnt/go-on ]; do sleep 0.05; done\nexec /mnt/fast "$@"\n`,
    { mode: 0o755 },
  );
  const { code } = await world.run([
    'sh',
    '-c',
    `cp ${program} /mnt/fast && mount --bind /mnt/slow ${program}`,
  ]);
  assert.equal(code, 0);
};

const appears = async (path: string): Promise<void> => {
  for (let tries = 0; tries < 400; tries += 1) {
    if (fs.existsSync(path)) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`${path} did not appear`);
};

describe('phoenix setup', function () {
  this.timeout(90_000);
  let world: World;

  beforeEach(async () => {
    world = await World.enter();
    world.manifest(HOST);
  });
  afterEach(() => {
    world.leave();
  });

  const goOn = (): void => {
    fs.writeFileSync(world.path('/mnt/go-on'), '');
  };
  const records = (stdout: string): Record<string, unknown>[] =>
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('converges a host; after that it changes nothing, says nothing and starts nothing that could', async () => {
    const first = await world.phoenix('setup');
    assert.equal(first.code, 0, first.stdout + first.stderr);
    assert.match(first.stdout, /\nConverged: 4 converged; 4 actions in [\d.]+ s\n$/);
    assert.equal(first.stderr, '');
    assert.equal((await world.run(['stat', '-c', '%a %G', '/srv/d/f'])).stdout, '640 phxtest\n');

    const before = await world.snapshot();
    const trace = [
      'strace',
      '-f',
      '-qq',
      '-e',
      'trace=execve',
      '-e',
      'status=successful',
      '-o',
      '/mnt/trace',
    ];
    assert.deepEqual(await world.run([...trace, PHOENIX, 'setup']), { code: 0, stdout: '', stderr: '' });
    assert.deepEqual(await world.snapshot(), before);
    const started = fs.readFileSync(world.path('/mnt/trace'), 'utf8').matchAll(/execve\("([^"]*)"/g);
    const names = [...started].map(([, path = '']) => path.slice(path.lastIndexOf('/') + 1));
    assert.deepEqual(names, ['phoenix', 'readlink', 'dirname', 'env', 'node', 'flock']);
  });

  it('--check tells of every drift and writes nothing outside its own state', async () => {
    await world.phoenix('setup');
    await world.run(['sh', '-c', 'echo other >/srv/d/f; chmod 0777 /srv/d; ln -sfn x /srv/link']);
    await world.phoenix('setup', '--check');
    const before = (await world.snapshot()).filter((line) => !line.startsWith('/var/lib/phoenix'));
    const calls =
      'openat,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,symlink,symlinkat,link,linkat,chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat,truncate,ftruncate,utimensat,setxattr,mknod,mount';
    const { code, stdout } = await world.run([
      ...['strace', '-f', '-qq', '-y', '-e', `trace=${calls}`, '-e', 'status=successful', '-o', '/mnt/trace'],
      ...[PHOENIX, 'setup', '--check'],
    ]);
    assert.equal(code, 2);
    for (const part of ['Directory[/srv/d]', 'File[/srv/d/f]', 'Symlink[/srv/link]', '-other', '+hello'])
      assert.ok(stdout.includes(part), stdout);
    assert.match(stdout, /\nPlan: 3 actions on 3 resources \(.*\); 1 in sync\n$/);
    assert.deepEqual(
      (await world.snapshot()).filter((line) => !line.startsWith('/var/lib/phoenix')),
      before,
    );
    const changing = fs
      .readFileSync(world.path('/mnt/trace'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('(') && !/openat\(.*O_RDONLY/.test(line))
      .filter(
        (line) => !/<?"?\/(var\/lib\/phoenix\/(lock|history\.jsonl)|dev\/null|dev\/tty)[">]/.test(line),
      );
    assert.deepEqual(changing, []);
    // What it foretold is what happens, and then it has nothing to tell.
    const repaired = await world.phoenix('setup', '--json');
    const foretold = (await world.phoenix('setup', '--check', '--json')).stdout;
    assert.equal(records(repaired.stdout).filter(({ type }) => type === 'action-done').length, 3);
    assert.deepEqual(records(foretold).at(-1)?.['exitCode'], 0);
  });

  it('does exactly what --check has said, in that order', async () => {
    await world.phoenix('setup');
    await world.run([...['sh', '-c'], 'echo other >/srv/d/f; chmod 0777 /srv/d; ln -sfn x /srv/link']);
    world.manifest(`${HOST}  - File: { path: /srv/d/h, content: "h\\n" }\n`);
    const said = records((await world.phoenix('setup', '--check', '--json')).stdout);
    const done = records((await world.phoenix('setup', '--json')).stdout);
    const planned = said.flatMap(({ plan }) =>
      (
        (plan as { resources?: { ref: string; actions: { description: string }[] }[] } | undefined)
          ?.resources ?? []
      ).flatMap(({ ref, actions }) => actions.map(({ description }) => `${ref}: ${description}`)),
    );
    const carriedOut = done
      .filter(({ type }) => type === 'action-done')
      .map(({ ref, action }) => `${String(ref)}: ${(action as { description: string }).description}`);
    assert.equal(planned.length, 4);
    assert.deepEqual(carriedOut, planned);
    assert.equal((await world.phoenix('setup', '--check')).code, 0);
  });

  it('holds back what is disruptive, until it is allowed', async () => {
    world.manifest(WITH_DISRUPTIVE);
    const held = await world.phoenix('setup');
    assert.equal(held.code, 3);
    assert.match(held.stdout, /File\[\/srv\/d\/g\]: held back: disruptive; allow it with --yes\n/);
    assert.match(held.stdout, /\nNot converged: 4 converged, 1 held back; 4 actions in /);
    assert.equal(fs.existsSync(world.path('/srv/d/g')), false);
    const limited = await world.source('setup', '--yes', '--max-risk', 'safe');
    assert.equal(limited.code, 3);
    assert.match(limited.stdout, /held back: disruptive, and this run is limited to safe/);
  });

  it('prints records with --json, the version first', async () => {
    const { code, stdout } = await world.source('setup', '--json', '--only', 'Directory[/srv/d]');
    assert.equal(code, 0);
    const all = records(stdout);
    assert.deepEqual(
      all.map(({ type }) => type),
      ['version', 'plan', 'step-begins', 'action-begins', 'action-done', 'resource', 'end'],
    );
    assert.equal(all[0]?.['schema'], '1.0');
    assert.deepEqual(fs.readdirSync(world.path('/srv')), ['d']);
  });

  it('says more with --verbose, and keeps a journal, a report and a log', async () => {
    const { code, stdout, stderr } = await world.source('setup', '--verbose', '--skip', 'initial');
    assert.equal(code, 0);
    assert.match(stderr, /^step 15, resources\ndone in \d+ ms: UnixGroup\[phxtest\]: create group phxtest/);
    const [run = ''] = fs.readdirSync(world.path('/var/lib/phoenix/runs'));
    const report = fs.readJsonSync(world.path(`/var/lib/phoenix/runs/${run}/report.json`)) as {
      exitCode: number;
    };
    assert.equal(report.exitCode, 0);
    assert.ok(stdout.includes('Converged: 4 converged'));
    const log = records(fs.readFileSync(world.path('/var/log/phoenix/phoenix.log'), 'utf8'));
    assert.equal(log.length, 4);
    assert.equal(log[0]?.['ref'], 'UnixGroup[phxtest]');
    const again = await world.source('setup', '--verbose');
    assert.match(again.stdout, /^In sync: 4 resources in [\d.]+ s\n$/);
  });

  it('lets one run at a time, and finishes the action in hand when it is told to stop', async () => {
    await slowDown(world, '/usr/sbin/groupadd');
    const running = world.start([PHOENIX, 'setup']);
    await appears(world.path('/mnt/slow-began'));

    const second = await world.phoenix('setup');
    assert.equal(second.code, 75);
    assert.match(
      second.stderr,
      new RegExp(
        `^phoenix: another run is under way: pid ${running.pid} \\(phoenix setup\\), started by \\w+ \\d+ s ago\n$`,
      ),
    );
    assert.equal((await world.source('setup', '--check')).code, 75);

    running.kill('SIGTERM');
    goOn();
    const { exitCode, stdout, stderr } = await running;
    assert.equal(exitCode, 143, stderr);
    assert.match(stderr, /SIGTERM: stopping after the action in hand; once more stops at once\n/);
    assert.match(stdout, /: skipped: the run was stopped\n/);
    assert.match(stdout, /\nstopped by SIGTERM\n/);
    assert.equal((await world.run(['getent', 'group', 'phxtest'])).code, 0);
    assert.equal(fs.existsSync(world.path('/srv/d')), false);
    assert.equal(fs.existsSync(world.path('/var/lib/phoenix/under-way')), false);
    const [run = ''] = fs.readdirSync(world.path('/var/lib/phoenix/runs'));
    const journal = records(
      fs.readFileSync(world.path(`/var/lib/phoenix/runs/${run}/journal.jsonl`), 'utf8'),
    );
    assert.deepEqual(
      journal.map(({ is }) => is),
      ['run', 'begin', 'end', 'close'],
    );
    assert.equal((await world.phoenix('setup')).code, 0);
  });

  it('says after a SIGKILL what was cut off, and goes on from what there is', async () => {
    await slowDown(world, '/usr/sbin/groupadd');
    const running = world.start([PHOENIX, 'setup']);
    await appears(world.path('/mnt/slow-began'));
    running.kill('SIGKILL');
    assert.equal((await running).signal, 'SIGKILL');
    // The tool that was under way is not ours to kill: it ends by itself.
    goOn();
    for (
      let tries = 0;
      tries < 200 && (await world.run(['getent', 'group', 'phxtest'])).code !== 0;
      tries += 1
    );
    const told =
      /run \S+ was cut off during "create group phxtest \(gid 4242\)" of UnixGroup\[phxtest\]; the host is read anew\n/;
    assert.match((await world.phoenix('setup', '--check')).stderr, told);
    const next = await world.phoenix('setup');
    assert.equal(next.code, 0);
    assert.match(next.stderr, told);
    assert.deepEqual(await world.phoenix('setup'), { code: 0, stdout: '', stderr: '' });
  });

  it('does not mind that nobody reads what it prints', async () => {
    for (const pipe of ['| true', '2>&1 | true', '| head -1 >/dev/null', '>/dev/full 2>&1']) {
      world.manifest(HOST.replaceAll('/srv/', `/srv/${Buffer.from(pipe).toString('hex')}-`));
      await world.run(['sh', '-c', `(${PHOENIX} setup --verbose; echo $? >/mnt/code) ${pipe}`]);
      assert.equal(fs.readFileSync(world.path('/mnt/code'), 'utf8'), '0\n', pipe);
      assert.equal((await world.phoenix('setup', '--check')).code, 0, pipe);
    }
  });

  it('tells how it ended when there is no place for its state or its log', async () => {
    const full = 'mount -t tmpfs -o size=4k,nr_inodes=3 tmpfs';
    await world.run([
      'sh',
      '-c',
      `mkdir -p /var/lib/phoenix /var/log/phoenix && ${full} /var/lib/phoenix && ${full} /var/log/phoenix && head -c 9999 /dev/zero >/var/log/phoenix/fill`,
    ]);
    const { code, stdout, stderr } = await world.phoenix('setup');
    assert.equal(code, 4, stderr);
    assert.match(stdout, /UnixGroup\[phxtest\]: failed: ENOSPC/);
    assert.doesNotMatch(stderr, /this is a bug/);
    assert.equal((await world.run(['getent', 'group', 'phxtest'])).code, 2);
    // A check needs no place.
    assert.equal((await world.phoenix('setup', '--check')).code, 2);
  });

  it('goes on when a debt is of a kind that it does not know', async () => {
    await world.phoenix('setup');
    const owed = [
      {
        debt: { kind: 'NoSuchKind', does: { op: 'x' }, description: 'do something new', risk: 'safe' },
        ...{ step: 'resources', why: ['File[/srv/d/f]'], since: '2026-01-02T03:04:05.000Z' },
      },
    ];
    fs.writeJsonSync(world.path('/var/lib/phoenix/debts.json'), owed);
    const { code, stdout } = await world.phoenix('setup');
    assert.equal(code, 4);
    assert.match(stdout, /do something new: still owed, failed: no such kind: NoSuchKind\n/);
    fs.writeFileSync(world.path('/var/lib/phoenix/debts.json'), 'damaged');
    const next = await world.phoenix('setup');
    assert.equal(next.code, 0);
    assert.match(next.stderr, /^phoenix: \S+debts\.json was damaged; it is set aside as /);
  });

  it('takes the compiled manifest only as it was made, by this program, of what is there', async () => {
    fs.writeFileSync(world.path('/etc/phoenix/payload'), 'payload\n', { mode: 0o600 });
    world.manifest(`${HOST}  - File: { path: /srv/p, source: payload }\n`);
    assert.equal((await world.phoenix('setup')).code, 0);
    const cache = world.path('/var/lib/phoenix/compiled-manifest.json');
    const good = fs.readFileSync(cache);
    // Still JSON, and another host.
    fs.writeFileSync(cache, good.toString().replaceAll('hello', 'howdy'));
    assert.equal((await world.phoenix('setup', '--check')).code, 0);
    assert.deepEqual(fs.readFileSync(cache), good);
    fs.writeFileSync(world.path('/etc/phoenix/payload'), 'other\n');
    assert.equal((await world.phoenix('setup', '--check')).code, 2);
    assert.notDeepEqual(fs.readFileSync(cache), good);
    const text = fs.readFileSync(world.path(MANIFEST), 'utf8');
    world.manifest(text.replace('hello', 'howdy'));
    assert.match((await world.phoenix('setup', '--check')).stdout, /\+howdy/);
  });
});
