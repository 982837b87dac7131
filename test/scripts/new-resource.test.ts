/** The template is copied in a copy of the tree, and the kind that comes out must pass the contract at once. */
import { strict as assert } from 'node:assert';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const tree = join(import.meta.dirname, '../..');
const COPIED = [
  'src',
  'test',
  'scripts',
  'resources',
  'docs',
  'package.json',
  'tsconfig.json',
  '.prettierrc.json',
];

describe('npm run new-resource', function () {
  this.timeout(60_000);
  let copy: string;
  const node = (...args: string[]): SpawnSyncReturns<string> =>
    spawnSync(process.execPath, ['--import=tsx', ...args], { cwd: copy, encoding: 'utf8' });

  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'phoenix-new-resource-'));
    for (const name of COPIED) cpSync(join(tree, name), join(copy, name), { recursive: true });
    symlinkSync(join(tree, 'node_modules'), join(copy, 'node_modules'));
  });
  after(() => {
    rmSync(copy, { recursive: true });
  });

  it('refuses what is no name, and a kind that is there', () => {
    for (const name of ['-rf', '../x', 'DnsRecord', '_template'])
      assert.equal(node('scripts/new-resource.ts', name).status, 64, name);
    assert.equal(node('scripts/new-resource.ts').status, 64);
    const there = node('scripts/new-resource.ts', 'symlink');
    assert.equal(there.status, 64);
    assert.match(there.stderr, /src\/resources\/symlink is there already/);
  });

  it('makes a kind that keeps the contract', () => {
    const made = node('scripts/new-resource.ts', 'dns-record');
    assert.equal(made.status, 0, made.stderr);
    assert.ok(existsSync(join(copy, 'test/lab/dns-record.lab.ts')));
    assert.match(
      readFileSync(join(copy, 'docs/resources/dns-record.md'), 'utf8'),
      /^<!-- GENERATED[^]*# DnsRecord/,
    );
    assert.match(readFileSync(join(copy, 'resources/phoenix.schema.json'), 'utf8'), /"DnsRecord"/);
    assert.equal(node('scripts/generate.ts', '--check').status, 0);
    const specs = ['test/contract.test.ts', 'test/resources/fixtures.test.ts'];
    const tests = node('node_modules/mocha/bin/mocha.js', '--no-config', '--grep', 'DnsRecord', ...specs);
    assert.equal(tests.status, 0, tests.stdout);
    assert.match(tests.stdout, /1[89] passing|[2-9]\d passing/);
  });
});
