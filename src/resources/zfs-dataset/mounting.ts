/** Where a dataset belongs, and whether it is to be mounted there (zfsprops(7): canmount, mountpoint). */
import type { HostReader } from '../../host/host.ts';
import type { Datasets, Settings } from '../../facts/zfs-list.ts';
import { isPool, parentOf, poolOf } from '../../facts/zfs-names.ts';
import type { Desired } from './schema.ts';

export type Altroots = ReadonlyMap<string, string>;

const joined = (above: string, path: string): string => {
  const root = above === '/' ? '' : above;
  return path === '/' ? root || '/' : `${root}${path}`;
};

/** zfs shows a mountpoint with the alternate root of its pool in front; it is set without. */
export const withoutAltroot = (mountpoint: string, altroot: string): string => {
  if (altroot === '' || altroot === '/') return mountpoint;
  if (mountpoint === altroot) return '/';
  return mountpoint.startsWith(`${altroot}/`) ? mountpoint.slice(altroot.length) : mountpoint;
};

const pathOrNone = (mountpoint: string): string | undefined =>
  mountpoint.startsWith('/') ? mountpoint : undefined;

/** The nearest dataset above that is there; only one that is made with its parents may skip some. */
const datasetAbove = (want: Desired, datasets: Datasets): string | undefined => {
  let above = parentOf(want.name);
  while (want.parents && above !== undefined && !datasets.has(above)) above = parentOf(above);
  return above;
};

/** Where it would be mounted if it had no mountpoint of its own. */
const inheritedPath = (want: Desired, datasets: Datasets, altroot: string): string | undefined => {
  if (isPool(want.name)) return joined(altroot, `/${want.name}`);
  const above = datasetAbove(want, datasets);
  const mountpoint = above === undefined ? undefined : datasets.get(above)?.['mountpoint']?.value;
  return mountpoint?.startsWith('/') ? joined(mountpoint, want.name.slice(above?.length)) : undefined;
};

/** The path on this host, once the dataset is as declared; undefined for none and legacy, or if nobody can tell. */
export const mountPath = (want: Desired, datasets: Datasets, altroots: Altroots): string | undefined => {
  const altroot = altroots.get(poolOf(want.name)) ?? '';
  const declared = want.properties['mountpoint'];
  if (typeof declared === 'string') return declared.startsWith('/') ? joined(altroot, declared) : undefined;
  const live = datasets.get(want.name)?.['mountpoint']?.value;
  return live === undefined || want.inherit.includes('mountpoint')
    ? inheritedPath(want, datasets, altroot)
    : pathOrNone(live);
};

const effective = (
  want: Desired,
  live: Settings | undefined,
  property: string,
  otherwise: string,
): string => {
  const declared = want.properties[property] ?? live?.[property]?.value ?? otherwise;
  return typeof declared === 'boolean' ? (declared ? 'on' : 'off') : String(declared);
};

export const canMount = (want: Desired, live: Settings | undefined): string =>
  effective(want, live, 'canmount', 'on');

/** Undefined: either way is right. */
export const shallBeMounted = (
  want: Desired,
  live: Settings | undefined,
  path: string | undefined,
): boolean | undefined => {
  if (want.mounted !== undefined) return want.mounted;
  const byItself = canMount(want, live) === 'on' && effective(want, live, 'zoned', 'off') === 'off';
  return path !== undefined && byItself ? true : undefined;
};

const SHOWN = 3;

const contentText = (entries: readonly string[]): string => {
  const rest = entries.length - SHOWN;
  return `holds ${entries.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
};

/** What a mount would hide or fail at. Undefined: nothing, or an empty directory. */
export const obstacleAt = (host: HostReader, path: string): string | undefined => {
  const info = host.lstat(path);
  if (info === undefined) return undefined;
  if (info.type !== 'directory') return `is a ${info.type === 'other' ? 'special file' : info.type}`;
  const entries = host.readDirectory(path) ?? [];
  if (entries.length > 0) return contentText(entries);
  const above = host.lstat(path.slice(0, path.lastIndexOf('/')) || '/');
  return above !== undefined && above.dev !== info.dev ? 'is a mount point already' : undefined;
};
