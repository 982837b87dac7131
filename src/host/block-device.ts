/** Disks as bytes: what is at their edges, and how the edges are cleared. */
import {
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { replaceFile } from './durable.ts';
import { Unreadable, isCode } from './errors.ts';
import type { Area, BlockDevice } from './host.ts';
import { openDirectory } from './safe-path.ts';
import { stateFolder } from './state-directory.ts';

const { O_RDONLY, O_RDWR, O_EXCL } = constants;

/**
 * How much of each end counts: partition tables, the four labels of ZFS (256 KiB each, two at each end of a vdev), and
 * every signature that libblkid knows are within it.
 */
const EDGE = 4 * 1024 * 1024;
/** The unit of `size` and `start` in /sys/class/block, whatever the disk's own sector size is. */
const SECTOR = 512;

const DEVICE = /^\/dev\/([A-Za-z0-9][A-Za-z0-9!_.-]*)$/;

const sizeOf = (path: string): number | undefined => {
  const name = DEVICE.exec(path)?.[1];
  if (name === undefined) throw new Unreadable(path, 'not the kernel name of a block device');
  try {
    return Number(readFileSync(`/sys/class/block/${name}/size`, 'utf8')) * SECTOR;
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw new Unreadable(path, error);
  }
};

/** Both ends of areas, in order and without overlap: what a small area has is one piece. */
const edgesOf = (areas: readonly Area[]): Area[] => {
  const ends = areas.flatMap(({ offset, length }) => [
    { from: offset, to: offset + Math.min(EDGE, length) },
    { from: Math.max(offset, offset + length - EDGE), to: offset + length },
  ]);
  ends.sort((a, b) => a.from - b.from);
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of ends) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged.map(({ from, to }) => ({ offset: from, length: to - from }));
};

const readArea = (descriptor: number, { offset, length }: Area): Buffer => {
  const content = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const count = readSync(descriptor, content, done, length - done, offset + done);
    if (count === 0) throw new Error(`ends ${length - done} bytes early`);
    done += count;
  }
  return content;
};

const ZEROES = Buffer.alloc(EDGE);
const isZero = (content: Buffer): boolean => content.equals(ZEROES.subarray(0, content.length));

/** Size and edges of a block device; undefined if there is none. What cannot be read throws: it does not count as empty. */
export const readBlockDevice = (path: string): BlockDevice | undefined => {
  const size = sizeOf(path);
  if (size === undefined) return undefined;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, O_RDONLY);
    for (const edge of edgesOf([{ offset: 0, length: size }]))
      if (!isZero(readArea(descriptor, edge))) return { size, edges: 'data' };
    return { size, edges: 'zero' };
  } catch (error) {
    throw new Unreadable(path, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
};

/** What will be cleared, on the disk before anything is: each piece in a file that is named by its place. */
const keepEdges = (state: string, name: string, descriptor: number, edges: readonly Area[]): void => {
  const stamp = new Date().toISOString().replace(/[:.]/g, '');
  const folder = `${stateFolder(state, 'backups', 'disks')}/${stamp}-${name}`;
  mkdirSync(folder, { mode: 0o700 });
  const directory = openDirectory(folder);
  const meta = { mode: 0o600, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  try {
    for (const edge of edges)
      replaceFile(directory, `at-${edge.offset}.img`, readArea(descriptor, edge), meta);
  } finally {
    closeSync(directory);
  }
};

const zero = (descriptor: number, { offset, length }: Area): void => {
  for (let done = 0; done < length;)
    done += writeSync(descriptor, ZEROES, 0, Math.min(EDGE, length - done), offset + done);
};

/**
 * Clears both ends of a disk and of the areas in it. The disk is held exclusively from before `stillSo` looks until the
 * last byte is written: the kernel refuses that while anything on it is mounted, swapped on or assembled, and refuses
 * others to begin with it meanwhile (open(2), O_EXCL without O_CREAT).
 */
export const clearBlockDevice = async (
  state: string,
  path: string,
  { parts, keepAs, stillSo }: { parts: readonly Area[]; keepAs: string; stillSo: () => Promise<void> },
): Promise<void> => {
  const size = sizeOf(path);
  if (size === undefined) throw new Error(`${path}: no such disk`);
  let descriptor: number;
  try {
    descriptor = openSync(path, O_RDWR | O_EXCL);
  } catch (error) {
    if (isCode(error, 'EBUSY')) throw new Error(`${path} is in use`, { cause: error });
    throw error;
  }
  try {
    await stillSo();
    const edges = edgesOf([{ offset: 0, length: size }, ...parts]);
    keepEdges(state, keepAs, descriptor, edges);
    for (const edge of edges) zero(descriptor, edge);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};
