/** A file for the operator: never in the place of another one. */
import { closeSync, constants, fsyncSync, openSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { writeAll } from './durable.ts';
import { isCode } from './errors.ts';
import { KeptDirectories, within } from './safe-path.ts';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

export class AlreadyThere extends Error {
  constructor(path: string) {
    super(`${path} exists already and is left as it is; move it away, or write to another file`);
  }
}

/** For root alone, and on the disk when this returns. The directory must exist. */
export const writeNewFile = (path: string, text: string): void => {
  new KeptDirectories().inParent(resolve(dirname(path), basename(path)), (directory, name) => {
    let descriptor: number;
    try {
      descriptor = openSync(within(directory, name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    } catch (error) {
      if (isCode(error, 'EEXIST')) throw new AlreadyThere(path);
      throw error;
    }
    try {
      writeAll(descriptor, Buffer.from(text));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    fsyncSync(directory);
  });
};
