/**
 * Opens directories component by component, so that nobody who may write to one of them can lead a root process
 * elsewhere with a symlink. `/proc/self/fd/<n>/<name>` gives what openat(2) gives.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { UnsafePath, isCode } from './errors.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
const MAX_LINKS = 40;

/** The path of a name inside an opened directory. */
export const within = (directory: number, name: string): string => `/proc/self/fd/${directory}/${name}`;

/** Nobody but root can put or replace something in it. */
const isRootsOwn = (directory: number): boolean => {
  const { uid, mode } = fstatSync(directory);
  return uid === 0 && (mode & 0o022) === 0;
};

const componentsOf = (path: string): string[] =>
  path.split('/').filter((part) => part !== '' && part !== '.');

/** A symlink that only root can have made is followed (`/var/run`); any other is refused. */
const targetOfTrusted = (directory: number, name: string, path: string, hostile: boolean): string => {
  const entry = within(directory, name);
  const info = lstatSync(entry);
  if (!info.isSymbolicLink()) throw new UnsafePath(`${path}: "${name}" is not a directory`);
  if (hostile || info.uid !== 0)
    throw new UnsafePath(
      `${path}: "${name}" is a symlink where an unprivileged user could have planted it; not followed`,
    );
  return readlinkSync(entry);
};

interface Opened {
  readonly descriptor: number;
  /** Nobody but root can change anything on the way to it, or in it. */
  readonly trusted: boolean;
}

const ROOT_DIRECTORY = '/';

const openRoot = (): number => openSync(ROOT_DIRECTORY, O_RDONLY | O_DIRECTORY);

const reopen = (directory: number): number =>
  openSync(`/proc/self/fd/${directory}/.`, O_RDONLY | O_DIRECTORY);

/** Walks from an opened, trusted directory, which it closes. */
const walk = (start: number, path: string, todo: string[]): Opened => {
  let current = start;
  let hostile = false;
  let links = 0;
  try {
    for (let name = todo.shift(); name !== undefined; name = todo.shift()) {
      hostile ||= !isRootsOwn(current);
      let next: number;
      try {
        next = openSync(within(current, name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      } catch (error) {
        if (!isCode(error, 'ELOOP', 'ENOTDIR')) throw error;
        if (++links > MAX_LINKS) throw new UnsafePath(`${path}: too many symlinks`);
        const target = targetOfTrusted(current, name, path, hostile);
        todo.unshift(...componentsOf(target));
        next = target.startsWith('/') ? openRoot() : reopen(current);
      }
      closeSync(current);
      current = next;
    }
    return { descriptor: current, trusted: !hostile && isRootsOwn(current) };
  } catch (error) {
    closeSync(current);
    throw error;
  }
};

/** Opens a directory; the caller closes it. Throws ENOENT if there is none, `UnsafePath` for a planted symlink. */
export const openDirectory = (path: string): number => walk(openRoot(), path, componentsOf(path)).descriptor;

/** Calls with the opened parent of a path and the last component's name, and closes it afterwards. */
export const inParent = <T>(path: string, act: (directory: number, name: string) => T): T => {
  const directory = openDirectory(dirname(path));
  try {
    return act(directory, basename(path));
  } finally {
    closeSync(directory);
  }
};

const MAX_KEPT = 64;

/**
 * As `inParent`, for many look-ups: trusted directories stay open, so that a thousand homes cost one walk to /home.
 * Only root could move such a directory away meanwhile; `forget` is called whenever we may have done so ourselves.
 */
export class KeptDirectories {
  readonly #kept = new Map<string, number>();

  inParent<T>(path: string, act: (directory: number, name: string) => T): T {
    const parent = dirname(path);
    const kept = this.#kept.get(parent);
    if (kept !== undefined) return act(kept, basename(path));
    const { descriptor, trusted } = this.#open(parent);
    const keep = trusted && this.#kept.size < MAX_KEPT;
    if (keep) this.#kept.set(parent, descriptor);
    try {
      return act(descriptor, basename(path));
    } finally {
      if (!keep) closeSync(descriptor);
    }
  }

  #open(path: string): Opened {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const above = this.#kept.get(path.slice(0, end));
      if (above !== undefined) return walk(reopen(above), path, componentsOf(path.slice(end)));
    }
    return walk(openRoot(), path, componentsOf(path));
  }

  forget(): void {
    for (const descriptor of this.#kept.values()) closeSync(descriptor);
    this.#kept.clear();
  }
}
