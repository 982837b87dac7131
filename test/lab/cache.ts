import { mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const root = (): string =>
  process.env['PHOENIX_LAB_CACHE'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'phoenix-lab');

/** A folder of the lab's cache, made when it is missing. Everything below the cache can be deleted at any time. */
export const cacheFolder = (...names: string[]): string => {
  const path = join(root(), ...names);
  mkdirSync(path, { recursive: true });
  return path;
};

const KEPT = 3 * 24 * 60 * 60 * 1000;

/** Notes that a result was used, and deletes those beside it that nobody has used for days. */
export const keepFresh = (folder: string): void => {
  const now = new Date();
  utimesSync(folder, now, now);
  for (const name of readdirSync(dirname(folder))) {
    const other = join(dirname(folder), name);
    if (now.getTime() - statSync(other).mtimeMs > KEPT) rmSync(other, { recursive: true, force: true });
  }
};
