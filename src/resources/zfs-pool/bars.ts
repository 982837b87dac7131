/** Why a disk may not be taken for a pool, whatever the operator allows. */
import { isSamePlace, placeOf, type DiskPlace } from '../../facts/disk-place.ts';
import { withDescendants, type BlockNode } from '../../facts/lsblk.ts';
import { leavesOf } from '../../facts/zpool-config.ts';
import type { PoolStatus } from '../../facts/zpool-status.ts';
import type { HostReader } from '../../host/host.ts';
import { bootDevices } from './boot-devices.ts';

/** What else is known when a disk is judged. */
export interface Surroundings {
  readonly pools: readonly PoolStatus[];
  /** Every disk that any pool of the manifest names: the path, the pool, where it leads. */
  readonly claims: readonly { readonly path: string; readonly pool: string; readonly place: DiskPlace }[];
}

interface Subject {
  readonly roots: readonly BlockNode[];
  /** The whole disk. */
  readonly disk: BlockNode;
  /** What is asked for: the disk, or a partition of it. */
  readonly node: BlockNode;
  readonly place: DiskPlace;
}

const USABLE: ReadonlySet<string> = new Set(['disk', 'part', 'mpath']);

const kindBars = ({ type, ro, size, name }: BlockNode): string[] => [
  ...(USABLE.has(type) ? [] : [`${name} is of type ${type}, not a disk`]),
  ...(ro ? [`${name} is read-only`] : []),
  ...(size > 0 ? [] : [`${name} has no size`]),
];

const mountBars = ({ name, mountpoints }: BlockNode): string[] =>
  mountpoints.flatMap((mountpoint) => {
    if (mountpoint === null) return [];
    return [mountpoint === '[SWAP]' ? `${name} is used as swap` : `${name} is mounted at ${mountpoint}`];
  });

/** What the kernel has built on it: device-mapper, md, bcache. */
const holderBars = (host: HostReader, { name, type, children }: BlockNode): string[] => {
  const assembled = children.filter((child) => child.type !== 'part').map((child) => child.name);
  const holders = host.readDirectory(`/sys/class/block/${name}/holders`) ?? [];
  const all = [...new Set([...assembled, ...holders])];
  return USABLE.has(type) && all.length > 0 ? [`${name} is held by ${all.join(', ')}`] : [];
};

const poolBars = (host: HostReader, { place }: Subject, { pools }: Surroundings): string[] =>
  pools.flatMap(({ name, config }) => {
    const places = leavesOf(config).map(({ path }) => placeOf(host, path));
    const within = places.some(
      (one) =>
        one !== undefined &&
        (isSamePlace(place, one) || (place.partition === undefined && one.disk === place.disk)),
    );
    return within ? [`it is in the imported pool ${name}`] : [];
  });

const claimBars = (path: string, { place }: Subject, { claims }: Surroundings): string[] =>
  claims
    .filter((one) => one.path !== path && one.place.disk === place.disk)
    .filter(
      ({ place: other }) =>
        other.partition === undefined || place.partition === undefined || other.partition === place.partition,
    )
    .map((one) => `it is the same disk as ${one.path}, which the manifest names for pool ${one.pool}`);

const twiceBars = (path: string, { claims }: Surroundings): string[] => {
  const pools = new Set(claims.filter((one) => one.path === path).map(({ pool }) => pool));
  return pools.size > 1 ? [`the manifest names it for the pools ${[...pools].join(' and ')}`] : [];
};

/** Two disks with one serial number have one name by it, and the name may lead to either. */
const serialBars = (path: string, { roots, disk }: Subject): string[] => {
  if (!path.startsWith('/dev/disk/by-id/') || disk.serial === null) return [];
  const twins = roots.filter(
    ({ name, serial, model, wwn }) =>
      name !== disk.name &&
      serial === disk.serial &&
      model === disk.model &&
      (wwn === null || wwn === disk.wwn),
  );
  return twins.length === 0
    ? []
    : [
        `${[disk, ...twins].map(({ name }) => name).join(' and ')} have the same serial number ${disk.serial}: name them by /dev/disk/by-path`,
      ];
};

const bootBars = (host: HostReader, nodes: readonly BlockNode[]): string[] => {
  const devices = bootDevices(host);
  return nodes.flatMap((node) => {
    const known = devices.find(({ names }) =>
      [
        node.path,
        `UUID=${node.uuid ?? ''}`,
        `PARTUUID=${node.partuuid ?? ''}`,
        `LABEL=${node.label ?? ''}`,
      ].some((name) => names.has(name.toLowerCase())),
    );
    return known === undefined ? [] : [`${node.name} is named in ${known.file}`];
  });
};

export const barsOn = (
  host: HostReader,
  path: string,
  subject: Subject,
  surroundings: Surroundings,
): string[] => {
  const nodes = withDescendants(subject.node);
  return [
    ...kindBars(subject.node),
    ...nodes.flatMap(mountBars),
    ...nodes.flatMap((node) => holderBars(host, node)),
    ...poolBars(host, subject, surroundings),
    ...bootBars(host, nodes),
    ...claimBars(path, subject, surroundings),
    ...twiceBars(path, surroundings),
    ...serialBars(path, subject),
  ];
};
