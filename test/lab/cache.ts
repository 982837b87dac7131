import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const root = (): string =>
  process.env['PHOENIX_LAB_CACHE'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'phoenix-lab');

/** A folder of the lab's cache, made when it is missing. Everything below the cache can be deleted at any time. */
export const cacheFolder = (...names: string[]): string => {
  const path = join(root(), ...names);
  mkdirSync(path, { recursive: true });
  return path;
};
