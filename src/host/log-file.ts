import { join } from 'node:path';
import { Writable } from 'node:stream';

import fs from 'fs-extra';

const MAX_BYTES = 1024 * 1024;
const OLDEST = 4;

/** `phoenix.log` is the newest, `phoenix1.log` the one before it. */
const nameOf = (age: number): string => `phoenix${age === 0 ? '' : age}.log`;

/** A file that has become too long is the one before when the next run writes. */
const rotate = (folder: string): void => {
  const path = (age: number) => join(folder, nameOf(age));
  const newest = fs.statSync(path(0), { throwIfNoEntry: false });
  if (newest === undefined || newest.size < MAX_BYTES) return;
  for (let age = OLDEST; age > 0; age -= 1)
    if (fs.existsSync(path(age - 1))) fs.renameSync(path(age - 1), path(age));
};

/**
 * The file of the log in a folder. A line is in the file when `write` returns, before the run goes on: whatever kills the
 * process then, the log has what was done. A line that cannot be written is dropped: the journal has it too.
 * @throws when the file cannot be opened or its folder not be made
 */
export const openLogFile = (folder: string): Writable => {
  fs.ensureDirSync(folder);
  rotate(folder);
  const file = fs.openSync(join(folder, nameOf(0)), 'a', 0o640);
  return new Writable({
    write(line: Buffer, _encoding, done) {
      try {
        fs.writeSync(file, line);
      } catch {
        // The disk is full, say: the run goes on.
      }
      done();
    },
    final(done) {
      fs.closeSync(file);
      done();
    },
  });
};
