/** What goes where in a package. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bashCompletion, zshCompletion } from './completions.ts';
import { MAINTAINER, type Flavour } from './control.ts';
import { copyrightText } from './copyright.ts';
import type { Library } from './libraries.ts';
import { commandPage, manifestPage } from './man.ts';
import type { Runtime } from './runtime.ts';
import { sbomText } from './sbom.ts';
import { gzipped, type Tree } from './tree.ts';

const HOME = 'usr/lib/phoenix';
const SCHEMA = 'usr/share/phoenix/phoenix.schema.json';

export interface Contents {
  readonly flavour: Flavour;
  readonly version: string;
  readonly epoch: number;
  readonly libraries: readonly Library[];
  /** The Node that goes with it; without one that of the distribution is used. */
  readonly runtime: Runtime | undefined;
}

/** Documentation, and the form that is for a Node that does not go with it. */
const isLeftOut = (path: string, { runtime }: Contents): boolean =>
  /(\/README\.md|\/examples\/.*)$/.test(path) || (runtime === undefined && /\/whole[^/]*$/.test(path));

/** The program as `npm run build` packed it, an unpacked `phoenix/`. */
const program = (tree: Tree, unpacked: string, contents: Contents): void => {
  const copyAll = (folder: string): void => {
    for (const entry of readdirSync(join(unpacked, folder), { recursive: true, withFileTypes: true })) {
      const from = join(entry.parentPath, entry.name);
      if (!entry.isFile() || isLeftOut(from, contents)) continue;
      tree.copy(from, join(HOME, from.slice(unpacked.length + 1)));
    }
  };
  for (const folder of ['dist', 'resources']) copyAll(folder);
  tree.copy(join(unpacked, 'package.json'), `${HOME}/package.json`);
  for (const name of ['run.js', 'load.js']) tree.copy(join(unpacked, 'bin', name), `${HOME}/bin/${name}`);
  tree.copy(join(unpacked, 'bin/phoenix'), `${HOME}/bin/phoenix`, 0o755);
  tree.link('usr/bin/phoenix', '../lib/phoenix/bin/phoenix');
  tree.link(SCHEMA, '../../lib/phoenix/resources/phoenix.schema.json');
};

/** `bin/phoenix` takes this one before any other that an administrator may have put in the way. */
const node = (tree: Tree, runtime: Runtime | undefined): void => {
  if (runtime === undefined) tree.link(`${HOME}/node/bin/node`, '../../../../bin/node');
  else tree.copy(runtime.node, `${HOME}/node/bin/node`, 0o755);
};

/** For people: below the folder of documentation, with what this project's own pages link to. */
const PAGES = ['docs/operating', 'docs/resources'];
const SINGLE_PAGES = [
  'docs/manifest.md',
  'docs/commands.md',
  'docs/getting-started.md',
  'docs/security-model.md',
  'SECURITY.md',
];

const documentation = (tree: Tree, { flavour, version, epoch, libraries, runtime }: Contents): void => {
  const at = `usr/share/doc/${flavour}`;
  tree.file(`${at}/copyright`, copyrightText(libraries, runtime));
  tree.file(`${at}/sbom.cdx.json`, sbomText(version, epoch, libraries, runtime));
  const date = new Date(epoch * 1000).toUTCString().replace('GMT', '+0000');
  tree.file(
    `${at}/changelog.gz`,
    gzipped(
      `${flavour} (${version}) unstable; urgency=medium\n\n  * See CHANGELOG.md beside this file.\n\n -- ${MAINTAINER}  ${date}\n`,
    ),
  );
  tree.copy('CHANGELOG.md', `${at}/CHANGELOG.md`);
  for (const page of SINGLE_PAGES) if (existsSync(page)) tree.copy(page, `${at}/${page}`);
  for (const folder of PAGES)
    for (const name of readdirSync(folder)) tree.copy(join(folder, name), `${at}/${folder}/${name}`);
  for (const entry of readdirSync('resources/examples', { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name);
    const text = readFileSync(from, 'utf8').replace('$schema=../phoenix.schema.json', `$schema=/${SCHEMA}`);
    tree.file(`${at}/examples/${from.slice('resources/examples/'.length)}`, text);
  }
};

const manuals = async (tree: Tree, { version, epoch }: Contents): Promise<void> => {
  tree.file('usr/share/man/man8/phoenix.8.gz', gzipped(await commandPage(version, epoch)));
  tree.file('usr/share/man/man5/phoenix.yaml.5.gz', gzipped(manifestPage(version, epoch)));
  tree.file('usr/share/bash-completion/completions/phoenix', await bashCompletion());
  tree.file('usr/share/zsh/vendor-completions/_phoenix', await zshCompletion());
};

/** Units that are shipped are never enabled by the package. */
const units = (tree: Tree): void => {
  for (const name of readdirSync('resources/units'))
    tree.copy(join('resources/units', name), `usr/lib/systemd/system/${name}`);
};

/** Directories with a mode of their own. */
export const OWN_MODES = ['etc/phoenix/secrets'];

export const layOut = async (tree: Tree, contents: Contents): Promise<void> => {
  const unpacked = `${tree.root}.unpacked`;
  execFileSync('mkdir', ['-p', unpacked]);
  execFileSync('tar', ['-C', unpacked, '--strip-components=1', '-xzf', 'dist/phoenix.tar.gz']);
  program(tree, unpacked, contents);
  node(tree, contents.runtime);
  documentation(tree, contents);
  await manuals(tree, contents);
  units(tree);
  tree.directory('etc/phoenix');
  tree.directory('etc/phoenix/secrets', 0o700);
  tree.file(
    `usr/share/lintian/overrides/${contents.flavour}`,
    readFileSync(`packaging/${contents.flavour}.lintian-overrides`),
  );
};
