/** What is compiled beforehand saves time, and nothing else: without it, or with a wrong one, phoenix does the same. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fs from 'fs-extra';
import { compile } from '../../scripts/build/compile.ts';
import { fetchRuntime } from '../../scripts/package/runtime.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildIfStale } from '../support/world.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('what is compiled when phoenix is built', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let node: string;
  let phoenix: string;
  let cache: string;

  before(() => {
    buildIfStale();
    ({ node } = fetchRuntime());
  });

  beforeEach(() => {
    execFileSync('tar', ['-C', folder.path, '-xzf', join(ROOT, 'dist/phoenix.tar.gz')]);
    phoenix = join(folder.path, 'phoenix');
    const [name = ''] = fs.readdirSync(join(phoenix, 'dist')).filter((one) => one.endsWith('.cache'));
    cache = join(phoenix, 'dist', name);
  });

  const says = (by: string, ...argv: string[]): string =>
    execFileSync(by, argv, { encoding: 'utf8', env: {} }).trim();
  const isTaken = (by = node): boolean =>
    says(
      by,
      '--input-type=module',
      '-e',
      `const { compiledScript } = await import('${phoenix}/bin/load.js'); console.log(compiledScript() !== undefined);`,
    ) === 'true';
  const version = (): string => says(node, join(phoenix, 'bin/run.js'), '--version');

  /** The same length, and yet another byte. */
  const flip = (path: string, at: number): void => {
    const content = fs.readFileSync(path);
    content[at] = (content[at] ?? 0) ^ 1;
    fs.writeFileSync(path, content);
  };

  it('is taken by the Node that phoenix is shipped with, and by no other', () => {
    assert.ok(isTaken());
    const other = join(folder.path, 'node');
    fs.copySync(node, other);
    fs.appendFileSync(other, '\n');
    assert.ok(!isTaken(other));
    assert.equal(says(other, join(phoenix, 'bin/run.js'), '--version'), 'phoenix 0.1.0');
  });

  it('is left alone when it is damaged, cut short, empty, no file or not there', () => {
    const size = fs.statSync(cache).size;
    const whole = fs.readFileSync(cache);
    const wrongs: Record<string, () => void> = {
      'damaged at its end': () => {
        flip(cache, size - 1);
      },
      'damaged in its middle': () => {
        flip(cache, size >> 1);
      },
      'damaged in its first line': () => {
        flip(cache, 30);
      },
      'cut short': () => {
        fs.truncateSync(cache, size >> 1);
      },
      empty: () => {
        fs.truncateSync(cache, 0);
      },
      'not there': () => {
        fs.removeSync(cache);
      },
      'no file': () => {
        fs.removeSync(cache);
        fs.mkdirSync(cache);
      },
    };
    for (const [wrong, make] of Object.entries(wrongs)) {
      fs.removeSync(cache);
      fs.writeFileSync(cache, whole);
      make();
      assert.ok(!isTaken(), wrong);
      assert.equal(version(), 'phoenix 0.1.0', wrong);
    }
  });

  it('is never taken for another program, not even for one of the same length', () => {
    const whole = join(phoenix, 'dist/whole.js');
    fs.writeFileSync(whole, fs.readFileSync(whole, 'latin1').replaceAll('"0.1.0"', '"0.1.7"'));
    assert.ok(!isTaken());
    assert.equal(version(), 'phoenix 0.1.0');
  });

  it('is of the same program as its modules', () => {
    const help = () => says(node, join(phoenix, 'bin/run.js'), 'setup', '--help');
    const compiled = help();
    fs.removeSync(cache);
    assert.equal(help(), compiled);
  });

  it('is not written when phoenix runs', () => {
    const times = () =>
      fs
        .readdirSync(phoenix, { recursive: true, encoding: 'utf8' })
        .sort()
        .map((name) => `${name} ${fs.statSync(join(phoenix, name)).mtimeMs}`);
    fs.removeSync(cache);
    const before = times();
    version();
    assert.deepEqual(times(), before);
  });

  it('has the same bytes when it is made once more, in another folder', () => {
    const first = fs.readFileSync(cache);
    fs.removeSync(cache);
    compile(phoenix);
    assert.ok(fs.readFileSync(cache).equals(first));
  });
});
