/** Writing so that a crash leaves the old file or the new one, whole. */
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import type { FileMeta } from './host.ts';
import { within } from './safe-path.ts';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
const TEMPORARY = '.phoenix-tmp-';

/** Unguessable, and hidden from daemons that read every file of a directory: none reads names with a leading dot. */
const temporaryName = (): string => `${TEMPORARY}${randomBytes(16).toString('hex')}`;

const swept = new Set<string>();

/** In a directory of a user's own something else may bear such a name; that must not stop a write. */
const removeQuietly = (path: string): void => {
  try {
    unlinkSync(path);
  } catch {
    // What is left hurts nobody, and an error that is under way tells more than this one.
  }
};

/** Removes what a killed run left. The lock guarantees that no other run is at work. */
export const sweep = (directory: number): void => {
  for (const name of readdirSync(`/proc/self/fd/${directory}/.`))
    if (name.startsWith(TEMPORARY)) removeQuietly(within(directory, name));
};

const sweepOnce = (directory: number): void => {
  const { dev, ino } = lstatSync(`/proc/self/fd/${directory}/.`);
  const identity = `${dev}:${ino}`;
  if (swept.has(identity)) return;
  swept.add(identity);
  sweep(directory);
};

export const writeAll = (descriptor: number, content: Buffer): void => {
  for (let done = 0; done < content.length;) done += writeSync(descriptor, content, done);
};

const replace = (directory: number, name: string, make: (temporary: string) => void): void => {
  const temporary = within(directory, temporaryName());
  make(temporary);
  try {
    renameSync(temporary, within(directory, name));
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
  fsyncSync(directory);
};

/** As `replaceFile`, for who does not hold the lock: another run's temporary files stay. */
export const replaceFileBesideOthers = (
  directory: number,
  name: string,
  content: Buffer,
  meta: FileMeta,
): void => {
  replace(directory, name, (temporary) => {
    const descriptor = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      writeAll(descriptor, content);
      fchownSync(descriptor, meta.uid, meta.gid);
      // After chown, which clears the set-user-id bits.
      fchmodSync(descriptor, meta.mode);
      fsyncSync(descriptor);
    } catch (error) {
      removeQuietly(temporary);
      throw error;
    } finally {
      closeSync(descriptor);
    }
  });
};

/** Makes or replaces a file: its content, owner and mode are on the disk before its name is. */
export const replaceFile = (directory: number, name: string, content: Buffer, meta: FileMeta): void => {
  sweepOnce(directory);
  replaceFileBesideOthers(directory, name, content, meta);
};

/** Makes or replaces a symlink (or, by rename(2), a file). */
export const replaceSymlink = (directory: number, name: string, target: string): void => {
  sweepOnce(directory);
  replace(directory, name, (temporary) => {
    symlinkSync(target, temporary);
  });
};
