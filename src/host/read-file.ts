import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { readlinkSync } from 'node:fs';
import { Unreadable, isCode } from './errors.ts';
import type { FileInfo } from './host.ts';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
export const MAX_FILE = 16 * 1024 * 1024;
const CHUNK = 64 * 1024;

const typeOf = (stats: Stats): FileInfo['type'] => {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
};

/** lstat(2); undefined if there is no such file. `shown` is the path for messages where `path` is one of our own making. */
export const lstatOf = (path: string | Buffer, shown = path.toString()): FileInfo | undefined => {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    const { mode, uid, gid, size, nlink, dev, mtimeMs: modified, ctimeMs: changed } = stats;
    const type = typeOf(stats);
    const info = { type, mode: mode & 0o7777, uid, gid, size, nlink, dev, modified, changed };
    return type === 'symlink' ? { ...info, target: readlinkSync(path) } : info;
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw new Unreadable(shown, error);
  }
};

/** Files of /proc and /sys say that they have no size, or one page: they are read until their end. */
const readToEnd = (descriptor: number, expected: number): Buffer => {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.max(expected - size + 1, chunks.length === 0 ? 512 : CHUNK));
    const count = readSync(descriptor, chunk);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    size += count;
    if (size > MAX_FILE) throw new Error(`larger than ${MAX_FILE} bytes`);
    if (size === expected) break;
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
};

/** The content of a regular file; undefined if there is none. A symlink or a device in its place is an error, not its content. */
export const readRegularFile = (path: string, shown = path): Buffer | undefined => {
  let descriptor: number;
  try {
    // O_NONBLOCK: opening a FIFO that somebody put there must not wait for a writer.
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw new Unreadable(shown, error);
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new Error('not a regular file');
    if (stats.size > MAX_FILE) throw new Error(`larger than ${MAX_FILE} bytes`);
    return readToEnd(descriptor, stats.size);
  } catch (error) {
    throw new Unreadable(shown, error instanceof Error && !('code' in error) ? error.message : error);
  } finally {
    closeSync(descriptor);
  }
};

/** Whether a file begins with these bytes, without reading the rest of it; false if there is no such file. */
export const fileBeginsWith = (path: string, expected: Buffer): boolean => {
  let descriptor: number;
  try {
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return false;
  }
  try {
    const found = Buffer.alloc(expected.length);
    return readSync(descriptor, found, 0, found.length, 0) === found.length && found.equals(expected);
  } catch {
    return false;
  } finally {
    closeSync(descriptor);
  }
};
