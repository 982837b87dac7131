/** Whether there is, at the path, what the manifest means: not the root filesystem below an empty mount point. */
import { mountAt, type Mount } from '../../facts/mount-table.ts';
import { parentsOf } from '../../facts/paths.ts';
import type { FileInfo, HostReader } from '../../host/host.ts';
import type { ZfsFilesystem } from './facts.ts';

/** What of the desired state is about the ground. */
export interface Wanted {
  readonly path: string;
  readonly dataset?: string | undefined;
  readonly mountpoint: boolean;
}

export type Ground =
  | { readonly is: 'directory' }
  | { readonly is: 'nothing' }
  /** Not what is meant: why, and what can be done. */
  | { readonly is: 'wrong'; readonly reason: string };

const wrongType = (path: string, { type, target }: FileInfo): string =>
  type === 'symlink'
    ? `${path} is a symlink to ${target ?? 'elsewhere'}; declare the path that it leads to`
    : `${path} is a ${type === 'other' ? 'special file' : type}, not a directory; declare a directory`;

const wrongDataset = (path: string, dataset: string, mount: Mount | undefined): string | undefined => {
  if (mount?.type === 'zfs' && mount.source === dataset) return undefined;
  const found = mount === undefined ? 'nothing' : `${mount.source} (${mount.type})`;
  return `expected dataset ${dataset} to be mounted at ${path}, found ${found}; run \`zfs mount ${dataset}\`, or correct its mountpoint`;
};

const wrongMount = (path: string, mount: Mount | undefined): string | undefined =>
  mount === undefined
    ? `expected a filesystem to be mounted at ${path}, found none; mount it, or leave out \`mountpoint: true\``
    : undefined;

/** The nearest mount point at or above a path. */
const coverOf = (path: string, mounts: readonly Mount[]): string =>
  [path, ...parentsOf(path)].find((one) => mountAt(mounts, one) !== undefined) ?? '/';

const isAtOrBelow = (path: string, above: string): boolean => path === above || path.startsWith(`${above}/`);

/** A dataset that ought to be mounted at the path, or between it and the filesystem that is seen there instead. */
const hiddenDataset = (
  path: string,
  mounts: readonly Mount[],
  filesystems: readonly ZfsFilesystem[],
): string | undefined => {
  const cover = coverOf(path, mounts);
  const hidden = filesystems.find(
    ({ mountpoint, mounted }) =>
      !mounted && isAtOrBelow(path, mountpoint) && mountpoint !== cover && mountpoint.length > cover.length,
  );
  return (
    hidden &&
    `dataset ${hidden.name} belongs at ${hidden.mountpoint} and is not mounted: ${path} is on another filesystem; ` +
      `run \`zfs mount ${hidden.name}\``
  );
};

export const groundOf = (
  host: HostReader,
  want: Wanted,
  mounts: readonly Mount[],
  filesystems: readonly ZfsFilesystem[],
): Ground => {
  const { path, dataset, mountpoint } = want;
  const info = host.lstat(path);
  if (info === undefined) return { is: 'nothing' };
  if (info.type !== 'directory') return { is: 'wrong', reason: wrongType(path, info) };
  const mount = mountAt(mounts, path);
  const reason =
    (dataset === undefined ? undefined : wrongDataset(path, dataset, mount)) ??
    (mountpoint ? wrongMount(path, mount) : undefined) ??
    (isTold(want) ? undefined : hiddenDataset(path, mounts, filesystems));
  return reason === undefined ? { is: 'directory' } : { is: 'wrong', reason };
};

/** The manifest says itself what must be mounted, and the server is told as well (`mountpoint` of exports(5)). */
export const isTold = ({ dataset, mountpoint }: Pick<Wanted, 'dataset' | 'mountpoint'>): boolean =>
  dataset !== undefined || mountpoint;
