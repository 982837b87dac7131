/** What somebody without root is told by `npm test`, before and while the Debian packages are installed. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fs from 'fs-extra';
import { isRoot, temporaryFolder } from '../support/temporary-folder.ts';

const TREE = join(import.meta.dirname, '../..');
const NOBODY = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];

describe('npm test without root', () => {
  const folder = temporaryFolder();
  const { scripts } = fs.readJsonSync(join(TREE, 'package.json')) as {
    scripts: Record<'test' | 'demo', string>;
  };

  beforeEach(() => {
    // Where nobody may read it; the tree may be in a home of root's.
    fs.chmodSync(folder.path, 0o755);
    fs.copySync(join(TREE, 'scripts'), join(folder.path, 'scripts'));
    fs.outputFileSync(join(folder.path, 'package-lock.json'), '{}');
    fs.outputFileSync(join(folder.path, 'node_modules/.package-lock.json'), '{}');
    fs.outputFileSync(join(folder.path, 'bin/dpkg-query'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  });

  const asNobody = (line: string) => {
    const [program, ...rest] = [...(isRoot ? NOBODY : []), 'sh', '-c', line];
    const { status, stdout, stderr } = spawnSync(program, rest, {
      cwd: folder.path,
      encoding: 'utf8',
      env: { PATH: `${folder.path}/bin:${process.env['PATH'] ?? ''}` },
    });
    assert.equal(stdout, '');
    return { status, stderr };
  };

  for (const [script, command] of [
    ['test', 'sudo npm test'],
    ['demo', 'sudo npm run demo'],
  ] as const)
    it(`does nothing, says what needs root and why, and what to type: ${script}`, () => {
      const { status, stderr } = asNobody(scripts[script]);
      assert.equal(status, 1);
      assert.match(stderr, /^npm .* needs root, and nothing was done\. As root it\n/);
      for (const why of ['apt-get', 'mmdebstrap', 'unit tests']) assert.ok(stderr.includes(why), stderr);
      assert.ok(stderr.split('\n').includes(`Run: ${command}`), stderr);
    });

  it('is told by bootstrap.sh which packages to install, and how', () => {
    const { status, stderr } = asNobody('bash scripts/bootstrap.sh');
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^bootstrap: packages are missing, and installing them needs root\. Run: sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends qemu-system-x86 [^']*'\n$/,
    );
  });
});
