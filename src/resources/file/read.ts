import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { ownershipOf, type Ownership } from '../../facts/ownership.ts';
import type { Accounts } from '../../facts/accounts.ts';
import { absent, present, type Reading } from '../../engine/reading.ts';
import type { FileInfo, HostReader } from '../../host/host.ts';
import { hasContent, type Desired } from './schema.ts';

/** Above this, and for bytes that are not UTF-8, a change is shown by sizes and hashes. */
export const SHOWN = 256 * 1024;

/** Content that is not the desired one: enough to show it and to bring it back. */
export interface OldContent {
  readonly sha256: string;
  readonly size: number;
  /** If it is text, not too long, and not for its owner's eyes only. */
  readonly text?: string;
  readonly private?: true;
}

export interface Actual extends Ownership {
  readonly type: FileInfo['type'];
  /** Names of the same file: more than one are hard links. */
  readonly links: number;
  /** Not there when it is not managed; `differs`, and no more, from a secret. */
  readonly content?: 'same' | 'differs' | OldContent;
}

/** Whoever owns the ground may have planted symlinks in it. */
const isHostileGround = (want: Desired): boolean =>
  (want.owner ?? 'root') !== 'root' || want.path.startsWith('/home/');

const oldContentOf = (bytes: Buffer, mode: number): OldContent => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  size: bytes.length,
  ...((mode & 0o077) === 0
    ? { private: true as const }
    : bytes.length <= SHOWN && isUtf8(bytes)
      ? { text: bytes.toString() }
      : {}),
});

const contentOf = (host: HostReader, want: Desired, info: FileInfo, wanted?: Buffer): Actual['content'] => {
  const bytes = isHostileGround(want) ? host.readFileInHostileGround(want.path) : host.readFile(want.path);
  if (bytes === undefined)
    throw new Error(`${want.path} was there and is gone; it is being changed by others`);
  if (wanted?.equals(bytes)) return 'same';
  return want.secret === undefined ? oldContentOf(bytes, info.mode) : 'differs';
};

const wantedBytes = (host: HostReader, want: Desired): Buffer | undefined => {
  if (want.source !== undefined)
    throw new Error(`${want.path}: its source "${want.source}" was not taken in`);
  if (want.secret !== undefined) return Buffer.from(host.secret(want.secret).reveal());
  return want.content === undefined ? undefined : Buffer.from(want.content);
};

export const readOne = (host: HostReader, want: Desired, accounts: Accounts): Reading<Actual> => {
  const removing = want.ensure === 'absent';
  // Before the file is looked at: a secret that cannot be had must be found out before anything is changed.
  const wanted = removing ? undefined : wantedBytes(host, want);
  const info = isHostileGround(want) ? host.lstatInHostileGround(want.path) : host.lstat(want.path);
  if (info === undefined) return absent;
  const content =
    info.type === 'file' && (removing || hasContent(want)) ? contentOf(host, want, info, wanted) : undefined;
  return present<Actual>({
    type: info.type,
    ...ownershipOf(info, want, accounts),
    links: info.nlink,
    ...(content === undefined ? {} : { content }),
  });
};
