import { closeSync, renameSync } from 'node:fs';
import type { z } from 'zod';
import { replaceFile, replaceFileBesideOthers } from './durable.ts';
import { readRegularFile } from './read-file.ts';
import { openDirectory } from './safe-path.ts';
import { stateFolder } from './state-directory.ts';

const ownMeta = () => ({ mode: 0o600, uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 });

const write = (folder: string, name: string, text: string, by: typeof replaceFile): void => {
  const directory = openDirectory(folder);
  try {
    by(directory, name, Buffer.from(text), ownMeta());
  } finally {
    closeSync(directory);
  }
};

/** Replaces a file of the state directory or of a folder in it, durably. Only for who holds the lock. */
export const replaceText = (folder: string, name: string, text: string): void => {
  write(folder, name, text, replaceFile);
};

/** Writes a small JSON file of the state directory, durably. Only for who holds the lock. */
export const writeState = (state: string, name: string, value: unknown): void => {
  replaceText(stateFolder(state), name, `${JSON.stringify(value)}\n`);
};

/** Writes a file of the state directory that can be made again; the lock is not needed. */
export const writeCache = (state: string, name: string, text: string): void => {
  write(stateFolder(state), name, text, replaceFileBesideOthers);
};

/**
 * Reads it again. State is a cache and the host is the truth: what is damaged or of another version is set aside, and
 * the caller goes on without it, after a word to the operator.
 */
export const readState = async <T>(
  state: string,
  name: string,
  schema: () => Promise<z.ZodType<T>>,
  warn: (message: string) => void,
): Promise<T | undefined> => {
  const path = `${state}/${name}`;
  try {
    const content = readRegularFile(path);
    if (content === undefined) return undefined;
    return (await schema()).parse(JSON.parse(content.toString('utf8')));
  } catch {
    const aside = `${path}.damaged-${Date.now()}`;
    renameSync(path, aside);
    warn(`${path} was damaged; it is set aside as ${aside} and not used`);
    return undefined;
  }
};
