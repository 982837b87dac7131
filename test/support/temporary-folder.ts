import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const isRoot = process.geteuid?.() === 0;

/** Where only root can change anything on the way; /tmp is everybody's. Without root there is no such place. */
const TRUSTED = isRoot ? '/var/lib' : tmpdir();

/** A folder of its own for each test of the surrounding `describe`. */
export const temporaryFolder = (parent: string = TRUSTED): { path: string } => {
  const folder = { path: '' };
  beforeEach(() => {
    folder.path = mkdtempSync(join(realpathSync(parent), 'phoenix-test-'));
  });
  afterEach(() => {
    // A process that the test has killed may still be making something in it.
    rmSync(folder.path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  });
  return folder;
};
