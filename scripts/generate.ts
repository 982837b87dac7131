/** Writes what is derived from the code; with `--check`, fails when a file on disk is stale. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { kindFolders, registrySource } from './generate-registry.ts';

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

// The registry first: what follows imports it.
write('src/resources/index.ts', registrySource(kindFolders()));

if (check && stale.length > 0) {
  console.error(`stale generated files; run \`npm run generate\` and commit:\n  ${stale.join('\n  ')}`);
  process.exitCode = 1;
} else {
  console.log(stale.length === 0 ? 'generated files are up to date' : `wrote ${stale.join(', ')}`);
}
