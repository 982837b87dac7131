/** Disks as bytes: what is at their edges, and how the edges are cleared. */
import { closeSync, constants, fsyncSync, openSync, readFileSync } from 'node:fs';
import { edgesOf, hasZeroEdges, keepEdges, zero } from './disk-edges.ts';
import { Unreadable, isCode } from './errors.ts';
import type { BlockDevice, ClearOptions } from './host.ts';

const { O_RDONLY, O_RDWR, O_EXCL } = constants;

/** The unit of `size` and `start` in /sys/class/block, whatever the disk's own sector size is. */
const SECTOR = 512;

const DEVICE = /^\/dev\/([A-Za-z0-9][A-Za-z0-9!_.-]*)$/;

const kernelSizeOf = (path: string): number | undefined => {
  const name = DEVICE.exec(path)?.[1];
  if (name === undefined) throw new Unreadable(path, 'not the kernel name of a block device');
  try {
    return Number(readFileSync(`/sys/class/block/${name}/size`, 'utf8')) * SECTOR;
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw new Unreadable(path, error);
  }
};

/** Size and edges of a block device; undefined if there is none. What cannot be read throws: it does not count as empty. */
export const readBlockDevice = (path: string, sizeOf = kernelSizeOf): BlockDevice | undefined => {
  const size = sizeOf(path);
  if (size === undefined) return undefined;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, O_RDONLY);
    return { size, edges: hasZeroEdges(descriptor, size) ? 'zero' : 'data' };
  } catch (error) {
    throw new Unreadable(path, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
};

/**
 * Clears both ends of a disk and of the areas in it. The disk is held exclusively from before `stillSo` looks until the
 * last byte is written: the kernel refuses that while anything on it is mounted, swapped on or assembled, and refuses
 * others to begin with it meanwhile (open(2), O_EXCL without O_CREAT).
 */
export const clearBlockDevice = async (
  state: string,
  path: string,
  { parts, keepAs, stillSo }: ClearOptions,
  sizeOf = kernelSizeOf,
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
