/**
 * `npm run package [-- --twice] [-- --lint]`: the Debian packages, in `dist/`: `phoenix` with a Node of its own, and
 * `phoenix-core` on that of the distribution. `--twice` makes each again and compares the bytes; `--lint` asks lintian.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fs from 'fs-extra';
import { makeDeb } from './package/deb.ts';
import type { Contents } from './package/layout.ts';
import { bundledLibraries } from './package/libraries.ts';
import { fetchRuntime } from './package/runtime.ts';
import { sourceEpoch } from './package/source-epoch.ts';

const flags = new Set(process.argv.slice(2));

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

const again = async (contents: Contents, first: string): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'phoenix-again-'));
  try {
    const second = await makeDeb(contents, folder);
    if (!readFileSync(first).equals(readFileSync(second)))
      throw new Error(`${first}: the second build has other bytes`);
    console.log(`  made twice, the same bytes`);
  } finally {
    fs.removeSync(folder);
  }
};

/** An error, a warning or an override that is not needed any more fails. What each override is for stands in packaging/. */
const lint = (debs: readonly string[]): void => {
  const began = Date.now();
  const { status } = spawnSync(
    'lintian',
    ['--allow-root', '--fail-on', 'error,warning', '--tag-display-limit', '0', ...debs],
    { stdio: 'inherit' },
  );
  if (status !== 0) throw new Error(`lintian: exit code ${status ?? 'none'}; it is in Debian's archive`);
  console.log(`  clean by lintian, in ${((Date.now() - began) / 1000).toFixed(1)} s`);
};

const { version } = fs.readJsonSync('package.json') as { version: string };
const common = { version, epoch: sourceEpoch(), libraries: bundledLibraries() };
const all: readonly Contents[] = [
  { ...common, flavour: 'phoenix', runtime: fetchRuntime() },
  { ...common, flavour: 'phoenix-core', runtime: undefined },
];
const debs: string[] = [];
for (const contents of all) {
  const deb = await makeDeb(contents, 'dist');
  debs.push(deb);
  console.log(`${deb}: ${(statSync(deb).size / 2 ** 20).toFixed(1)} MiB, sha256 ${sha256(deb)}`);
  if (flags.has('--twice')) await again(contents, deb);
}
if (flags.has('--lint')) lint(debs);
