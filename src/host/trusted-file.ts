/**
 * Reads what phoenix acts upon (the manifest and the files it names): only where nobody but root could have written it.
 * Every component is opened in the directory above it and checked by its descriptor, and the content is read through
 * the checked descriptor; no name is looked up twice.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  type Stats,
} from 'node:fs';
import { dirname, basename, join, resolve } from 'node:path';
import { Unreadable, isCode } from './errors.ts';
import { MAX_FILE } from './read-file.ts';
import { within } from './safe-path.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;
const MAX_LINKS = 40;

/** Somebody else could have written the file, or put another in its place. */
export class Untrusted extends Error {
  constructor(path: string, component: string, why: string, remedy: string) {
    const subject = component === path ? path : `${path} cannot be trusted: ${component}`;
    super(`${subject} ${why}; ${remedy}`);
  }
}

export class NotFound extends Error {
  constructor(path: string, component: string) {
    super(component === path ? `${path} does not exist` : `${path} does not exist: there is no ${component}`);
  }
}

/** Whom to trust. Only tests run as somebody else than root, and in a folder of their own. */
export interface Trust {
  readonly owner?: number;
  /** Everything below it is checked, the folder itself too; nothing above. */
  readonly root?: string;
}

const modeOf = ({ mode }: Stats): string => (mode & 0o7777).toString(8).padStart(4, '0');

/** A walk in progress: the directory that is open, how it is called, and what is still to go. */
interface Walk {
  readonly asked: string;
  current: number;
  at: string;
  todo: string[];
  links: number;
}

export class TrustedFiles {
  readonly #owner: number;
  readonly #root: string;
  /** Checked directories, kept open: a manifest names many files in few of them. */
  readonly #directories = new Map<string, { readonly descriptor: number; readonly at: string }>();

  constructor({ owner = 0, root = '/' }: Trust = {}) {
    this.#owner = owner;
    this.#root = root;
  }

  /** Throws `Untrusted`, `NotFound`, or `Unreadable` for any other trouble. */
  read(path: string): Buffer {
    const asked = resolve(path);
    try {
      return this.#readFile(this.#walkTo(asked), basename(asked));
    } catch (error) {
      if (error instanceof Untrusted || error instanceof NotFound || error instanceof Unreadable) throw error;
      throw new Unreadable(asked, error);
    }
  }

  close(): void {
    for (const { descriptor } of this.#directories.values()) closeSync(descriptor);
    this.#directories.clear();
  }

  #walkTo(asked: string): Walk {
    const directory = dirname(asked);
    let known = this.#directories.get(directory);
    if (known === undefined) {
      const walk: Walk = { asked, current: this.#openRoot(asked), at: this.#root, todo: [], links: 0 };
      this.#descend(walk, directory.slice(this.#root.length));
      known = { descriptor: walk.current, at: walk.at };
      this.#directories.set(directory, known);
    }
    return { asked, current: known.descriptor, at: known.at, todo: [], links: 0 };
  }

  #openRoot(asked: string): number {
    const descriptor = openSync(this.#root, O_RDONLY | O_DIRECTORY);
    try {
      this.#check(fstatSync(descriptor), asked, this.#root);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
    return descriptor;
  }

  /** Goes on from the open directory, which it replaces, along a path. */
  #descend(walk: Walk, path: string): void {
    walk.todo = [...componentsOf(path), ...walk.todo];
    try {
      for (let name = walk.todo.shift(); name !== undefined; name = walk.todo.shift())
        this.#enter(walk, name);
    } catch (error) {
      closeSync(walk.current);
      throw error;
    }
  }

  #enter(walk: Walk, name: string): void {
    const next = open(walk, name, O_DIRECTORY);
    if (next === undefined) {
      this.#follow(walk, name);
      return;
    }
    closeSync(walk.current);
    walk.current = next;
    walk.at = join(walk.at, name);
    this.#check(fstatSync(next), walk.asked, walk.at);
  }

  /** A symlink of root's in a trusted directory leads on; what it leads through is checked like all else. */
  #follow(walk: Walk, name: string): void {
    const target = this.#targetOf(walk, name);
    walk.todo.unshift(...componentsOf(target));
    if (!target.startsWith('/')) return;
    const top = this.#openRoot(walk.asked);
    closeSync(walk.current);
    walk.current = top;
    walk.at = this.#root;
  }

  #targetOf(walk: Walk, name: string): string {
    const component = join(walk.at, name);
    const info = lstatSync(within(walk.current, name));
    if (!info.isSymbolicLink()) throw new NotFound(walk.asked, `directory ${component}`);
    if (info.uid !== this.#owner)
      throw new Untrusted(
        walk.asked,
        component,
        `is a symlink owned by uid ${info.uid}, expected ${this.#owner}`,
        `remove it, or run: chown -h root:root ${component}`,
      );
    if (++walk.links > MAX_LINKS)
      throw new Untrusted(walk.asked, component, 'leads through too many symlinks', 'name the file itself');
    return readlinkSync(within(walk.current, name));
  }

  #readFile(walk: Walk, name: string): Buffer {
    const descriptor = open(walk, name, O_NONBLOCK);
    if (descriptor === undefined) return this.#readTarget(walk, name);
    try {
      const info = fstatSync(descriptor);
      const component = join(walk.at, name);
      if (!info.isFile())
        throw new Untrusted(walk.asked, component, 'is no regular file', 'expected a regular file');
      this.#check(info, walk.asked, component);
      if (info.size > MAX_FILE) throw new Unreadable(walk.asked, `larger than ${MAX_FILE} bytes`);
      return readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** The last component is a symlink: walks to where it leads, with a descriptor of its own. */
  #readTarget(walk: Walk, name: string): Buffer {
    const target = this.#targetOf(walk, name);
    const absolute = target.startsWith('/');
    const own = {
      ...walk,
      current: absolute
        ? this.#openRoot(walk.asked)
        : openSync(within(walk.current, '.'), O_RDONLY | O_DIRECTORY),
      at: absolute ? this.#root : walk.at,
    };
    this.#descend(own, dirname(target));
    try {
      return this.#readFile(own, basename(target));
    } finally {
      closeSync(own.current);
    }
  }

  /** A sticky bit, as of /tmp, does not help: others could have put the file there in the first place. */
  #check(info: Stats, asked: string, component: string): void {
    if (info.uid !== this.#owner)
      throw new Untrusted(
        asked,
        component,
        `is owned by uid ${info.uid}, expected ${this.#owner === 0 ? 'root' : `uid ${this.#owner}`}`,
        `look at what it says, then run: chown root:root ${component}`,
      );
    if ((info.mode & 0o022) !== 0)
      throw new Untrusted(
        asked,
        component,
        `is writable by ${(info.mode & 0o002) === 0 ? 'its group' : 'everybody'} (mode ${modeOf(info)})`,
        `look at what it says, then run: chmod go-w ${component}`,
      );
  }
}

const componentsOf = (path: string): string[] =>
  path.split('/').filter((part) => part !== '' && part !== '.');

/** Undefined if it is a symlink, or no directory where one must be. */
const open = (walk: Walk, name: string, flags: number): number | undefined => {
  try {
    return openSync(within(walk.current, name), O_RDONLY | O_NOFOLLOW | flags);
  } catch (error) {
    if (isCode(error, 'ELOOP', 'ENOTDIR')) return undefined;
    if (isCode(error, 'ENOENT')) throw new NotFound(walk.asked, join(walk.at, name));
    throw error;
  }
};

const production = new TrustedFiles();

/** The content of a file that only root can have written. */
export const readTrustedFile = (path: string): Buffer => production.read(path);
