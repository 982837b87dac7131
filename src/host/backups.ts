/** Old content, kept once by its hash, with an index that says what it was. */
import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, existsSync, openSync, renameSync } from 'node:fs';
import type { FileInfo, FileMeta } from './host.ts';
import { replaceFile } from './durable.ts';
import { readRegularFile } from './read-file.ts';
import { openDirectory } from './safe-path.ts';
import { stateFolder } from './state-directory.ts';
import { isCode } from './errors.ts';

const ROOT_ONLY: FileMeta = { mode: 0o600, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

const index = (folder: string, entry: object): void => {
  const descriptor = openSync(`${folder}/index.jsonl`, 'a', 0o600);
  try {
    appendFileSync(descriptor, `${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
  } finally {
    closeSync(descriptor);
  }
};

export interface Backups {
  /** Keeps a file's content before it is replaced or removed; returns its hash. */
  keep(path: string, content: Buffer, info: FileInfo): string;
  /** The content of that hash; throws if it is not kept, or no longer what it was. */
  content(sha256: string): Buffer;
  /** Moves a whole directory in; only on the same filesystem. */
  take(path: string, from: string): void;
}

export const backupsIn = (state: string): Backups => ({
  keep(path, content, info) {
    const folder = stateFolder(state, 'backups');
    const sha256 = createHash('sha256').update(content).digest('hex');
    if (!existsSync(`${folder}/${sha256}`)) {
      const directory = openDirectory(folder);
      try {
        replaceFile(directory, sha256, content, ROOT_ONLY);
      } finally {
        closeSync(directory);
      }
    }
    index(folder, { path, sha256, mode: info.mode.toString(8), uid: info.uid, gid: info.gid });
    return sha256;
  },

  content(sha256) {
    const path = `${state}/backups/${sha256}`;
    const content = readRegularFile(path);
    if (content === undefined) throw new Error(`${path}: the old content is not kept any more`);
    if (createHash('sha256').update(content).digest('hex') !== sha256)
      throw new Error(`${path}: damaged, its content does not have its hash`);
    return content;
  },

  take(path, from) {
    const folder = stateFolder(state, 'backups');
    const name = `${path.replaceAll('/', '%')}.${Date.now()}`;
    try {
      renameSync(from, `${folder}/${name}`);
    } catch (error) {
      if (isCode(error, 'EXDEV'))
        throw new Error(
          `${path} is on another filesystem than ${folder} and cannot be kept there; move it away by hand`,
          { cause: error },
        );
      throw error;
    }
    index(folder, { path, directory: name });
  },
});
