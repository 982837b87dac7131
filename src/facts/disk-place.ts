/** Which disk a name means: /dev/disk/by-id, by-path, a kernel name and a partition of it may all be one. */
import type { HostReader } from '../host/host.ts';

/** Where something is: a whole disk, or a partition of it. Kernel names, true until the next boot. */
export interface DiskPlace {
  readonly disk: string;
  readonly partition?: number;
}

const FOLDERS = [
  '/dev/disk/by-id',
  '/dev/disk/by-path',
  '/dev/disk/by-partuuid',
  '/dev/disk/by-vdev',
  '/dev',
];
const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The kernel name that a path of /dev leads to. */
const kernelName = (host: HostReader, path: string): string | undefined => {
  const info = host.lstat(path);
  if (info?.type === 'symlink' && info.target !== undefined) return baseOf(info.target);
  return info?.type === 'other' && /^\/dev\/[^/]+$/.test(path) ? baseOf(path) : undefined;
};

/** A partition's folder is within its disk's: …/block/sda/sda1 (sysfs(5)). */
const placeOfKernelName = (host: HostReader, name: string): DiskPlace | undefined => {
  const folder = host.lstat(`/sys/class/block/${name}`)?.target;
  if (folder === undefined) return undefined;
  const number = host.readFile(`/sys/class/block/${name}/partition`)?.toString().trim();
  if (number === undefined) return { disk: name };
  return { disk: baseOf(folder.slice(0, folder.lastIndexOf('/'))), partition: Number(number) };
};

/** The place of a path, or of a short name as zpool prints it; undefined if there is no such device now. */
export const placeOf = (host: HostReader, name: string): DiskPlace | undefined => {
  const paths = name.startsWith('/') ? [name] : FOLDERS.map((folder) => `${folder}/${name}`);
  for (const path of paths) {
    const kernel = kernelName(host, path);
    const place = kernel === undefined ? undefined : placeOfKernelName(host, kernel);
    if (place !== undefined) return place;
  }
  return undefined;
};

/** ZFS puts itself on partition 1 of a disk that it was given whole (zpool-create(8)). */
export const isSamePlace = (wanted: DiskPlace, found: DiskPlace): boolean =>
  wanted.disk === found.disk &&
  (wanted.partition === found.partition || (wanted.partition === undefined && found.partition === 1));

export const deviceOf = ({ disk, partition }: DiskPlace): string => {
  if (partition === undefined) return `/dev/${disk}`;
  // nvme0n1p1, mmcblk0p1: where the disk's name ends in a digit.
  return `/dev/${disk}${/\d$/.test(disk) ? 'p' : ''}${partition}`;
};
