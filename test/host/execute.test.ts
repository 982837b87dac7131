import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import fc from 'fast-check';
import { CommandFailed, ProgramMissing } from '../../src/host/errors.ts';
import { execute, executeOk } from '../../src/host/execute.ts';
import { findProgram } from '../../src/host/programs.ts';
import { Secret } from '../../src/host/secret.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const sh = (script: string) => ({ program: 'sh', args: ['-c', script] });

const failure = async (running: Promise<unknown>): Promise<CommandFailed> => {
  const error: unknown = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CommandFailed, String(error));
  return error;
};

/** A zombie whose parent does not care is as dead as it gets. */
const isAlive = (pid: string): boolean => {
  const path = `/proc/${pid}/stat`;
  return fs.existsSync(path) && !fs.readFileSync(path, 'utf8').includes(') Z ');
};

describe('execute', () => {
  const folder = temporaryFolder();

  it('passes every argument literally', async () => {
    const hostile = [
      '-rf',
      '$(id)',
      '`id`',
      'a;b',
      'a b',
      'line\nline',
      "'",
      '*',
      '\u202e\u001b[2J',
      '',
      'é',
    ];
    const { stdout } = await execute({ program: 'printf', args: ['%s\\0', ...hostile] });
    assert.deepEqual(stdout.split('\0').slice(0, -1), hostile);
  });

  it('holds shared locks on what is partitioned while it runs: udev gets one too, and none that is exclusive', async () => {
    const partitions = ['a', 'b c'].map((name) => `${folder.path}/${name}`);
    for (const path of partitions) fs.writeFileSync(path, '');
    for (const path of partitions) {
      const lock = async (how: string): Promise<number> =>
        (await execute({ program: 'flock', args: [how, '--nonblock', path, 'true'], partitions })).code;
      assert.deepEqual([await lock('--shared'), await lock('--exclusive')], [0, 1]);
      assert.equal((await execute({ program: 'flock', args: ['--nonblock', path, 'true'] })).code, 0);
    }
    const gone = `${folder.path}/gone`;
    await assert.rejects(execute({ program: 'true', args: [], partitions: [gone] }), /ENOENT/);
    assert.equal(fs.existsSync(gone), false);
    await assert.rejects(execute({ program: 'not-there', args: [], partitions }), ProgramMissing);
  });

  it('passes any text as one argument (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
        async (text) => {
          const { stdout } = await execute({ program: 'printf', args: ['%s', '--', text] });
          assert.equal(stdout, `--${text}`);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('refuses an argument that argv cannot hold, and does not wait for it', async () => {
    await assert.rejects(execute({ program: 'printf', args: ['a\0b'] }), /null bytes/);
    await assert.rejects(
      execute({ program: 'printf', args: ['a'.repeat(200_000)] }),
      /^Error: printf a+: cannot be started$/,
    );
  });

  it('gives a clean environment, and what the command adds', async () => {
    const trap = { LD_PRELOAD: '/nowhere.so', NODE_OPTIONS: '--require /nowhere', PATH: folder.path };
    const before = { ...process.env };
    Object.assign(process.env, trap);
    try {
      const { stdout } = await execute({ program: 'env', args: [], env: { EXTRA: '1' } });
      // Node itself hands this one on when coverage is measured.
      const given = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('NODE_V8_COVERAGE='));
      assert.deepEqual(given.sort(), [
        'DEBIAN_FRONTEND=noninteractive',
        'EXTRA=1',
        'HOME=/root',
        'LANG=C.UTF-8',
        'LANGUAGE=',
        'LC_ALL=C.UTF-8',
        'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
        'TZ=UTC',
      ]);
    } finally {
      process.env = before;
    }
  });

  it('closes standard input, or writes what is given', async () => {
    assert.equal((await execute({ program: 'cat', args: [] })).stdout, '');
    assert.equal((await execute({ program: 'cat', args: [], input: 'text' })).stdout, 'text');
    assert.equal((await execute({ ...sh('exit 3'), input: 'x'.repeat(1 << 20) })).code, 3);
  });

  it('kills the whole group when time is up, also who ignores SIGTERM and holds the output', async () => {
    const began = Date.now();
    const hanging = 'trap "" TERM; (trap "" TERM; sleep 61) & echo $!; echo $$; sleep 62';
    const error = await failure(execute({ ...sh(hanging), timeout: 300 }));
    assert.match(error.message, /: no end after 0\.3 s, killed\n/);
    assert.ok(Date.now() - began < 5000);
    await new Promise((done) => setTimeout(done, 50));
    const pids = error.result.stdout.trim().split('\n');
    assert.equal(pids.length, 2);
    assert.deepEqual(pids.filter(isAlive), []);
  });

  it('does not wait for a daemon that was left behind with the output', async () => {
    const began = Date.now();
    const { stdout, code } = await execute(sh('(sleep 30) & echo $!'));
    assert.equal(code, 0);
    assert.ok(Date.now() - began < 10_000);
    process.kill(Number(stdout));
  });

  it('stops a program that prints without end, in bounded memory', async () => {
    const before = process.memoryUsage().rss;
    const began = Date.now();
    const error = await failure(
      execute({ program: 'head', args: ['-c', '1000000000', '/dev/zero'], timeout: 20_000 }),
    );
    assert.match(error.message, /head -c 1000000000 \/dev\/zero: more than 1048576 bytes of output, killed/);
    assert.ok(Date.now() - began < 10_000);
    assert.ok(process.memoryUsage().rss - before < 150 << 20);
    assert.ok(error.result.stdout.length <= 1 << 20);
  });

  it('never returns a part of the output as a success', async () => {
    const tooMuch = { program: 'printf', args: ['more than ten characters'], maxOutput: 10 };
    assert.match((await failure(execute(tooMuch))).message, /more than 10 bytes of output/);
    assert.equal((await execute({ ...tooMuch, maxOutput: 24 })).stdout.length, 24);
  });

  it('returns exit codes, and tells of a program that was killed', async () => {
    assert.deepEqual(await execute(sh('echo out; echo err >&2; exit 7')), {
      code: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    assert.match((await failure(execute(sh('kill -SEGV $$')))).message, /: killed by SIGSEGV$/);
  });

  it('throws on an exit code that is not expected, with the last lines', async () => {
    const error = await failure(executeOk(sh('echo lost; printf "why\\033[2J\\n" >&2; exit 7')));
    assert.match(error.message, /^sh -c '.*': exit code 7\n {2}why\\x1b\[2J$/s);
    assert.match((await failure(executeOk(sh('echo why; exit 7')))).message, /\n {2}why$/);
    assert.match((await failure(executeOk({ program: 'false', args: [] }))).message, /^false: exit code 1$/);
    assert.equal((await executeOk({ ...sh('exit 7'), okCodes: [0, 7] })).code, 7);
  });

  it('shows no part of a secret that the program repeats', async () => {
    const input = new Secret('alice:hunter2:hunter2-and-more\n');
    const error = await failure(executeOk({ ...sh('cat; cat >&2 <<E; exit 1\nhunter2-and-more\nE'), input }));
    assert.doesNotMatch(JSON.stringify(error.result), /hunter|and-more/);
    assert.match(error.message, /\n {2}«secret»$/);
    const { stdout } = await execute({ program: 'cat', args: [], input });
    assert.equal(stdout, '«secret»:«secret»:«secret»\n');
  });
});

describe('programs', () => {
  const folder = temporaryFolder();

  it('are found on a fixed path only', () => {
    fs.writeFileSync(`${folder.path}/phoenix-fake`, '#!/bin/sh\n', { mode: 0o755 });
    const { PATH } = process.env;
    process.env['PATH'] = folder.path;
    try {
      assert.equal(findProgram('phoenix-fake'), undefined);
      assert.match(findProgram('sh') ?? '', /^\/(usr\/)?s?bin\/sh$/);
      assert.equal(findProgram('sh'), findProgram('sh'));
    } finally {
      process.env['PATH'] = PATH;
    }
  });

  it('have bare names', () => {
    for (const name of ['/bin/sh', '../sh', '-sh', 'a b', '', 'a\n'])
      assert.throws(() => findProgram(name), /not a program name/);
  });

  it('that are missing are said to be', async () => {
    await assert.rejects(execute({ program: 'no-such-program', args: [] }), (error: Error) => {
      assert.ok(error instanceof ProgramMissing);
      assert.match(error.message, /^no-such-program is not installed \(looked in \/usr\/sbin, /);
      return true;
    });
  });
});
