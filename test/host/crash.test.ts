/** A write is killed, or fails, at each of its system calls: the file is always the old one or the new one, whole. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { buildSync } from 'esbuild';
import fs from 'fs-extra';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Those that leave something behind, and those that say that it is on the disk.
const CALLS = ['openat', 'write', 'fsync', 'rename', 'fchown', 'fchmod', 'mkdir', 'link', 'unlink', 'close'];
const OLD = 'old '.repeat(5000);
const NEW = 'new '.repeat(7000);

describe('a write that is cut off', () => {
  const folder = temporaryFolder();
  let script: string;
  let state: string;
  let file: string;

  before(() => {
    script = `${fs.mkdtempSync('/tmp/phoenix-crash-')}/replace-once.mjs`;
    buildSync({
      entryPoints: ['test/support/replace-once.ts'],
      bundle: true,
      format: 'esm',
      platform: 'node',
      external: ['execa'],
      outfile: script,
      logLevel: 'error',
    });
  });
  after(() => {
    fs.removeSync(script.replace(/\/[^/]*$/, ''));
  });
  beforeEach(() => {
    state = `${folder.path}/state`;
    file = `${folder.path}/work/file`;
  });

  const anew = (): void => {
    fs.emptyDirSync(folder.path);
    fs.ensureDirSync(`${folder.path}/work`);
    fs.writeFileSync(file, OLD, { mode: 0o604 });
  };
  const replace = (content: string, ...strace: string[]) => {
    const argv = [process.execPath, script, state, file, content];
    const [program = '', ...args] = strace.length === 0 ? argv : ['strace', '-qq', ...strace, ...argv];
    return spawnSync(program, args, { encoding: 'utf8' });
  };
  /** Every call of the write, as its name and its number among the calls of that name. */
  const calls = (): { name: string; nth: number; line: string }[] => {
    anew();
    const trace = `${folder.path}/trace`;
    const { status, stderr } = replace(NEW, '-o', trace, '-e', `trace=${CALLS.join(',')},access`);
    assert.equal(status, 0, stderr);
    const counts = new Map<string, number>();
    const found: { name: string; nth: number; line: string }[] = [];
    let inside = false;
    for (const line of fs.readFileSync(trace, 'utf8').split('\n')) {
      const name = line.slice(0, line.indexOf('('));
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (line.includes('/phoenix-begins-here')) inside = true;
      else if (line.includes('/phoenix-ends-here')) inside = false;
      else if (inside && CALLS.includes(name)) found.push({ name, nth: counts.get(name)!, line });
    }
    return found;
  };
  const assertWhole = (where: string): 'old' | 'new' => {
    const content = fs.readFileSync(file, 'utf8');
    const mode = fs.statSync(file).mode & 0o7777;
    assert.ok(content === OLD || content === NEW, `${where}: neither old nor new, ${content.length} bytes`);
    assert.equal(mode, content === OLD ? 0o604 : 0o640, where);
    return content === OLD ? 'old' : 'new';
  };
  const rests = (): string[] =>
    (fs.readdirSync(folder.path, { recursive: true }) as string[]).filter((name) =>
      name.includes('.phoenix-tmp-'),
    );

  it('has the content on the disk before the name, and the name before it returns', () => {
    const order = calls().filter(({ name, line }) => name !== 'openat' || line.includes('.phoenix-tmp-'));
    const names = order.map(({ name }) => name).filter((name) => !['close', 'mkdir'].includes(name));
    // The old content, its index, the new one.
    const written = ['openat', 'write', 'fchown', 'fchmod', 'fsync', 'rename', 'fsync'];
    assert.deepEqual(names, [...written, 'write', ...written]);
  });

  it('leaves the old file or the new one, with its own mode, wherever it is killed', function () {
    this.timeout(120_000);
    const seen = new Set<string>();
    for (const { name, nth, line } of calls()) {
      anew();
      const { signal, status } = replace(
        NEW,
        ...['-o', '/dev/null', '-e', `trace=${name}`, '-e', `inject=${name}:signal=KILL:when=${nth}`],
      );
      assert.ok(signal === 'SIGKILL' || status === 137, `${line}: not killed`);
      seen.add(assertWhole(line));
    }
    assert.deepEqual([...seen].sort(), ['new', 'old']);
  });

  it('is made up for by the next run, which leaves no rest', () => {
    const rename = calls().findLast(({ name }) => name === 'rename')!;
    anew();
    replace(
      NEW,
      '-o',
      '/dev/null',
      '-e',
      'trace=rename',
      '-e',
      `inject=rename:signal=KILL:when=${rename.nth}`,
    );
    assert.equal(assertWhole('before the rename'), 'old');
    assert.equal(rests().length, 1);
    // What a user may have made of such a name in a folder of their own must not stop anything.
    fs.mkdirSync(`${folder.path}/work/.phoenix-tmp-planted`);
    assert.equal(replace(NEW).status, 0);
    assert.equal(assertWhole('after the next run'), 'new');
    assert.deepEqual(rests(), ['work/.phoenix-tmp-planted']);
  });

  for (const [call, error] of [
    ['write', 'ENOSPC'],
    ['fsync', 'EIO'],
    ['fchown', 'EPERM'],
    ['fchmod', 'EIO'],
    ['rename', 'EIO'],
  ] as const)
    it(`fails with the old file in its place when ${call} says ${error}`, () => {
      const all = calls();
      // The last rename gives the file its name; what comes after it is too late to fail.
      const named = all.findLastIndex(({ name }) => name === 'rename');
      const own = all.slice(0, named + 1).findLast(({ name }) => name === call)!;
      anew();
      const { status, stderr } = replace(
        NEW,
        ...['-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:error=${error}:when=${own.nth}`],
      );
      assert.equal(status, 1, stderr);
      assert.match(stderr, new RegExp(`${error}:`));
      assert.equal(assertWhole(call), 'old');
      assert.deepEqual(rests(), []);
    });

  it('fails with the old file in its place when a disk is full for good', () => {
    const [first] = calls().filter(({ name }) => name === 'write');
    anew();
    const inject = `inject=write:error=ENOSPC:when=${first!.nth}`;
    assert.equal(replace(NEW, '-o', '/dev/null', '-e', 'trace=write', '-e', inject).status, 1);
    assert.equal(assertWhole('full'), 'old');
    assert.deepEqual(rests(), []);
  });
});
