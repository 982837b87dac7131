import { absent, present, readEach, type Reading } from '../../engine/reading.ts';
import { passwd, type PasswdEntry } from '../../facts/accounts.ts';
import { passwordState, shadow, type ShadowEntry } from '../../facts/shadow.ts';
import type { FileInfo, HostReader } from '../../host/host.ts';
import type { Desired } from './schema.ts';

export interface Entry {
  readonly type: FileInfo['type'];
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  readonly target?: string;
}

export interface Actual {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly path: string;
  /** The home and `.ssh`, which sshd checks too; null if missing, or if the file is not in `.ssh`. */
  readonly homeEntry: Entry | null;
  readonly directory: Entry | null;
  readonly file: Entry | null;
  readonly text: string | null;
  /** The user could also log in with a password. */
  readonly hasPassword: boolean;
}

export interface Place {
  /** Undefined if the file is not in the user's own `.ssh`. */
  readonly directory?: string;
  readonly file: string;
}

export const placeOf = (home: string, path: string | undefined): Place => {
  if (path !== undefined) return { file: path };
  const directory = `${home === '/' ? '' : home}/.ssh`;
  return { directory, file: `${directory}/authorized_keys` };
};

const entryOf = (info: FileInfo | undefined): Entry | null =>
  info === undefined
    ? null
    : {
        type: info.type,
        mode: info.mode.toString(8).padStart(4, '0'),
        uid: info.uid,
        gid: info.gid,
        links: info.nlink,
        ...(info.target === undefined ? {} : { target: info.target }),
      };

/** Foreign lines are kept byte for byte, which only text that survives decoding allows. */
const textOf = (path: string, content: Buffer | undefined): string | null => {
  if (content === undefined) return null;
  const text = content.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(content)) throw new Error(`${path}: expected UTF-8 text`);
  return text;
};

/** A home is its user's ground: nothing below it is opened through a symlink. */
const readPlace = (host: HostReader, { directory, file }: Place) => {
  const above = directory === undefined ? null : entryOf(host.lstatInHostileGround(directory));
  const reachable = directory === undefined || above?.type === 'directory';
  const entry = reachable ? entryOf(host.lstatInHostileGround(file)) : null;
  const plain = entry?.type === 'file' && entry.links === 1;
  return {
    directory: above,
    file: entry,
    text: plain ? textOf(file, host.readFileInHostileGround(file)) : null,
  };
};

const readUser = (
  host: HostReader,
  user: PasswdEntry,
  entry: ShadowEntry | undefined,
  path: string | undefined,
): Actual => {
  const place = placeOf(user.home, path);
  const { locked, usable } = passwordState(entry);
  return {
    uid: user.uid,
    gid: user.gid,
    home: user.home,
    path: place.file,
    homeEntry: place.directory === undefined ? null : entryOf(host.lstat(user.home)),
    ...readPlace(host, place),
    hasPassword: usable && !locked,
  };
};

export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const users = await host.fact(passwd);
  const shadows = await host.fact(shadow);
  return readEach(
    all,
    (want) => want.user,
    (want) => {
      const user = users.get(want.user);
      return user === undefined ? absent : present(readUser(host, user, shadows.get(want.user), want.path));
    },
  );
};

/** The text of the own file of a user, for a listing; undefined where it cannot be read safely. */
export const keysTextOf = (host: HostReader, user: PasswdEntry): string | undefined => {
  try {
    return readPlace(host, placeOf(user.home, undefined)).text ?? undefined;
  } catch {
    // a planted symlink in one home must not hide the keys of the others
    return undefined;
  }
};
