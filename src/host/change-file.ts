/** The single changes of files and directories, each within an opened parent directory. */
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { normalize } from 'node:path';
import type { Backups } from './backups.ts';
import { UnsafePath } from './errors.ts';
import type { FileInfo, FileMeta } from './host.ts';
import { lstatOf, readRegularFile } from './read-file.ts';
import { within } from './safe-path.ts';

const { O_RDONLY, O_WRONLY, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = constants;

interface OldFile {
  readonly info: FileInfo;
  readonly content: Buffer;
}

/** What a write would replace; refuses anything but a plain file with one name. */
export const refuseOddTarget = (directory: number, name: string, path: string): OldFile | undefined => {
  const info = lstatOf(within(directory, name), path);
  if (info === undefined) return undefined;
  if (info.type !== 'file')
    throw new UnsafePath(`${path} is a ${info.type}, not a regular file; not written`);
  if (info.nlink > 1)
    throw new UnsafePath(
      `${path} has ${info.nlink} hard links; a write would part them, or lead elsewhere; not written`,
    );
  return { info, content: readRegularFile(within(directory, name), path) ?? Buffer.alloc(0) };
};

const applyMeta = (descriptor: number, meta: FileMeta): void => {
  fchownSync(descriptor, meta.uid, meta.gid);
  // After chown, which clears the set-user-id bits.
  fchmodSync(descriptor, meta.mode);
  fsyncSync(descriptor);
};

export const createDirectory = (directory: number, name: string, path: string, meta: FileMeta): void => {
  const entry = within(directory, name);
  // Root's alone until it is what it shall be.
  mkdirSync(entry, { mode: 0o700 });
  const descriptor = openSync(entry, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    if (fstatSync(descriptor).uid !== (process.geteuid?.() ?? 0))
      throw new UnsafePath(`${path} was replaced while it was made; not touched`);
    applyMeta(descriptor, meta);
  } finally {
    closeSync(descriptor);
  }
  fsyncSync(directory);
};

export const changeMeta = (directory: number, name: string, path: string, meta: FileMeta): void => {
  const info = lstatOf(within(directory, name), path);
  if (info === undefined) throw new Error(`${path} is not there any more`);
  if (info.type !== 'file' && info.type !== 'directory')
    throw new UnsafePath(`${path} is a ${info.type}; its owner and mode are not changed`);
  if (info.type === 'file' && info.nlink > 1)
    throw new UnsafePath(`${path} has ${info.nlink} hard links; its owner and mode are not changed`);
  const descriptor = openSync(within(directory, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    // Its owner may have put a hard link to another file in its place since.
    const opened = fstatSync(descriptor);
    if (info.type === 'directory' ? !opened.isDirectory() : !opened.isFile() || opened.nlink !== 1)
      throw new UnsafePath(`${path} was replaced meanwhile; its owner and mode are not changed`);
    applyMeta(descriptor, meta);
  } finally {
    closeSync(descriptor);
  }
};

/** Removes a file, whose content is kept, or a symlink. */
export const removeEntry = (directory: number, name: string, path: string, backups: Backups): void => {
  const entry = within(directory, name);
  const info = lstatOf(entry, path);
  if (info === undefined) return;
  if (info.type === 'directory') throw new UnsafePath(`${path} is a directory; not removed as a file`);
  if (info.type === 'file') backups.keep(path, readRegularFile(entry, path) ?? Buffer.alloc(0), info);
  unlinkSync(entry);
  fsyncSync(directory);
};

/** Clears the place for a symlink, as far as it may: see `Host.symlink`. */
export const displace = (
  directory: number,
  name: string,
  path: string,
  allowed: boolean,
  backups: Backups,
): void => {
  const entry = within(directory, name);
  const info = lstatOf(entry, path);
  if (info === undefined || info.type === 'symlink') return;
  if (!allowed) throw new UnsafePath(`${path} is a ${info.type}, not a symlink; not replaced`);
  // The rename of the new link replaces a file at once.
  if (info.type === 'file') backups.keep(path, readRegularFile(entry, path) ?? Buffer.alloc(0), info);
  else if (info.type === 'directory' && readdirSync(entry).length === 0) rmdirSync(entry);
  else if (info.type === 'directory') backups.take(path, entry);
  else throw new UnsafePath(`${path} is a device, socket or FIFO; not replaced`);
};

const emptyTree = (directory: number, path: string, device: number): void => {
  // As bytes: names need not be UTF-8.
  for (const name of readdirSync(`/proc/self/fd/${directory}/.`, 'buffer')) {
    const entry = Buffer.concat([Buffer.from(within(directory, '')), name]);
    const info = lstatOf(entry, `${path}/${name.toString()}`);
    if (info === undefined) continue;
    if (info.dev !== device)
      throw new UnsafePath(`${path}/${name.toString()} is on another filesystem; not removed`);
    if (info.type !== 'directory') unlinkSync(entry);
    else {
      const child = openSync(entry, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      try {
        emptyTree(child, `${path}/${name.toString()}`, device);
      } finally {
        closeSync(child);
      }
      rmdirSync(entry);
    }
  }
};

/** Removes a directory; its content only when told, and never through a symlink or into another filesystem. */
export const removeTree = (directory: number, name: string, path: string, recursive: boolean): void => {
  const entry = within(directory, name);
  const info = lstatOf(entry, path);
  if (info === undefined) return;
  if (info.type !== 'directory')
    throw new UnsafePath(`${path} is a ${info.type}; not removed as a directory`);
  if (recursive) {
    const descriptor = openSync(entry, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    try {
      if (info.dev !== fstatSync(directory).dev)
        throw new UnsafePath(`${path} is a mount point; not removed`);
      emptyTree(descriptor, path, info.dev);
    } finally {
      closeSync(descriptor);
    }
  }
  rmdirSync(entry);
  fsyncSync(directory);
};

/** Kernel interfaces take one write, and cannot be replaced. */
export const writeInPlace = (path: string, value: string): void => {
  if (!/^\/(proc|sys)\//.test(path) || normalize(path) !== path)
    throw new UnsafePath(`${path} is not below /proc or /sys; not written in place`);
  const descriptor = openSync(path, O_WRONLY | O_NOFOLLOW);
  try {
    writeSync(descriptor, `${value}\n`);
  } finally {
    closeSync(descriptor);
  }
};
