/** The edges of a disk, on an open descriptor: looked at, kept, cleared. */
import { closeSync, fsyncSync, mkdirSync, readSync, writeSync } from 'node:fs';
import { replaceFile } from './durable.ts';
import type { Area } from './host.ts';
import { openDirectory } from './safe-path.ts';
import { stateFolder } from './state-directory.ts';

/**
 * How much of each end counts: partition tables, the four labels of ZFS (256 KiB each, two at each end of a vdev), and
 * every signature that libblkid knows are within it.
 */
export const EDGE = 4 * 1024 * 1024;

/** Both ends of areas, in order and without overlap: what a small area has is one piece. */
export const edgesOf = (areas: readonly Area[]): Area[] => {
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
const isZero = (content: Buffer): boolean => content.equals(Buffer.alloc(content.length));

/** Whether both ends of a device of that size hold nothing but zeroes. */
export const hasZeroEdges = (descriptor: number, size: number): boolean =>
  edgesOf([{ offset: 0, length: size }]).every((edge) => isZero(readArea(descriptor, edge)));

const syncFolder = (folder: string): void => {
  const directory = openDirectory(folder);
  fsyncSync(directory);
  closeSync(directory);
};

/** What will be cleared, on the disk before anything is: each piece in a file that is named by its place. */
export const keepEdges = (state: string, name: string, descriptor: number, edges: readonly Area[]): void => {
  const stamp = new Date().toISOString().replace(/[:.]/g, '');
  const parent = stateFolder(state, 'backups', 'disks');
  const folder = `${parent}/${stamp}-${name}`;
  mkdirSync(folder, { mode: 0o700 });
  const directory = openDirectory(folder);
  const meta = { mode: 0o600, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  try {
    for (const edge of edges)
      replaceFile(directory, `at-${edge.offset}.img`, readArea(descriptor, edge), meta);
  } finally {
    closeSync(directory);
  }
  // A name that a power cut takes away is a backup that is lost.
  for (const one of [parent, `${state}/backups`, state]) syncFolder(one);
};

/** Overwrites an area with zeroes. */
export const zero = (descriptor: number, { offset, length }: Area): void => {
  for (let done = 0; done < length;)
    done += writeSync(descriptor, ZEROES, 0, Math.min(EDGE, length - done), offset + done);
};
