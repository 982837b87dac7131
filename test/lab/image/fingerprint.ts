import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A short name for values that decide a result: same values, same name. */
export const fingerprint = (...values: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const value of values) hash.update(value).update('\0');
  return hash.digest('hex').slice(0, 12);
};

/** The fingerprint of all files below a folder, by name and content. */
export const fingerprintOfFolder = async (folder: string): Promise<string> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const parts = await Promise.all(
    files.sort().map(async (file) => [file.slice(folder.length), await readFile(file, 'utf8')]),
  );
  return fingerprint(...parts.flat());
};
