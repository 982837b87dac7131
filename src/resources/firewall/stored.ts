/** A file as it is on disk, with what is needed to bring it back. */
import { createHash } from 'node:crypto';
import type { HostReader } from '../../host/host.ts';
import type { Kept } from './schema.ts';

export interface Stored {
  /** Of a symlink, where it leads. */
  readonly text: string;
  readonly kept: NonNullable<Kept>;
}

export const readStored = (host: HostReader, path: string): Stored | undefined => {
  const info = host.lstat(path);
  if (info?.target !== undefined) return { text: `symlink to ${info.target}`, kept: { target: info.target } };
  const content = info === undefined ? undefined : host.readFile(path);
  if (info === undefined || content === undefined) return undefined;
  const { mode, uid, gid } = info;
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { text: content.toString(), kept: { sha256, mode, uid, gid } };
};

/** Root's alone to write. */
export const isPlain = ({ kept }: Stored): boolean =>
  'sha256' in kept && kept.mode === 0o644 && kept.uid === 0 && kept.gid === 0;

export const keptOf = (stored: Stored | undefined): Kept => stored?.kept ?? null;

export const shownMeta = ({ kept }: Stored): string =>
  'sha256' in kept ? `${kept.mode.toString(8).padStart(4, '0')} ${kept.uid}:${kept.gid}` : 'symlink';
