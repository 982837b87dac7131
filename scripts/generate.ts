/** Writes what is derived from the code; with `--check`, fails when a file on disk is stale. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { indexPage, kindPage, pagesWithoutKind } from './generate-docs.ts';
import { kindFolders, lazyRegistrySource, registrySource } from './generate-registry.ts';
import { schemaFile } from './generate-schema.ts';

const check = process.argv.includes('--check');
const stale: string[] = [];

const write = (path: string, content: string): void => {
  const old = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (old === content) return;
  stale.push(path);
  if (check) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};

const remove = (path: string): void => {
  stale.push(path);
  if (!check) rmSync(path);
};

// The registry first: what follows imports it.
write('src/resources/index.ts', registrySource(kindFolders()));
write('src/resources/lazy.ts', lazyRegistrySource(kindFolders()));

// What follows imports the registry, so it must be on disk by now.
const { kinds } = await import('../src/resources/index.ts');
const { manifestSchema } = await import('../src/setup/manifest-schema.ts');
const { commandsPage } = await import('./generate-commands.ts');
write('resources/phoenix.schema.json', schemaFile(manifestSchema));
write('docs/commands.md', await commandsPage());
write('docs/resources/README.md', indexPage(kinds));
for (const kind of kinds) write(`docs/resources/${kind.folder}.md`, kindPage(kind));
for (const page of pagesWithoutKind(kinds.map(({ folder }) => folder))) remove(page);

if (check && stale.length > 0) {
  console.error(`stale generated files; run \`npm run generate\` and commit:\n  ${stale.join('\n  ')}`);
  process.exitCode = 1;
} else {
  console.log(stale.length === 0 ? 'generated files are up to date' : `wrote ${stale.join(', ')}`);
}
