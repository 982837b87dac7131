/** A new file that phoenix will act upon later: only where nobody but root can put another in its place. */
import { rmSync } from 'node:fs';
import { writeNewFile } from './new-file.ts';
import { readTrustedFile } from './trusted-file.ts';

/** Throws `AlreadyThere`, or `Untrusted`: then it is not left there either. */
export const writeTrustedFile = (path: string, text: string): void => {
  writeNewFile(path, text);
  try {
    readTrustedFile(path);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
};
