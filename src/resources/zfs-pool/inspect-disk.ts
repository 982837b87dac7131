/**
 * What a disk is, what is on it, and why it may not be taken. The rule: only what is proven to be empty counts as empty,
 * and what cannot be read is not.
 */
import { deviceOf, type DiskPlace } from '../../facts/disk-place.ts';
import { blockDevices, withDescendants, type BlockNode } from '../../facts/lsblk.ts';
import { zfsLabelOn } from '../../facts/zdb-label.ts';
import { signaturesOn, type Signature } from '../../facts/wipefs.ts';
import { reasonOf } from '../../engine/reading.ts';
import type { HostReader } from '../../host/host.ts';
import type { Candidate } from './actual.ts';
import { barsOn, type Surroundings } from './bars.ts';

const nameOf = ({ label }: { readonly label?: string }): string => (label === undefined ? '' : ` "${label}"`);

/** A line about a label of ZFS: which pool, on which host. */
const zfsLine = async (host: HostReader, device: string): Promise<string> => {
  const label = await host.fact(zfsLabelOn(`/dev/${device}`));
  if (label === undefined) return `${device}: zfs_member`;
  const on = label.host === undefined ? '' : `, last on host ${label.host}`;
  return `${device}: zfs_member of pool ${label.pool} (guid ${label.guid}, ${label.state}${on})`;
};

const pathsOf = (nodes: readonly BlockNode[]): string[] => nodes.map(({ path }) => path);

/** One process for many disks; one that cannot be read must not speak for the others. */
const signaturesAmong = async (
  host: HostReader,
  nodes: readonly BlockNode[],
  many: readonly BlockNode[],
): Promise<readonly Signature[] | undefined> => {
  const all = await host
    .fact(signaturesOn(pathsOf(many)))
    .catch(async () => await host.fact(signaturesOn(pathsOf(nodes))));
  return all?.filter(({ device }) => nodes.some(({ name }) => name === device));
};

const signatureLines = async (
  host: HostReader,
  nodes: readonly BlockNode[],
  many: readonly BlockNode[],
): Promise<string[]> => {
  const signatures = await signaturesAmong(host, nodes, many);
  if (signatures === undefined) return ['wipefs(8) is not installed: what is on it cannot be seen'];
  return await Promise.all(
    signatures.map((one) =>
      one.type === 'zfs_member'
        ? zfsLine(host, one.device)
        : Promise.resolve(`${one.device}: ${one.type}${nameOf(one)}`),
    ),
  );
};

/** What udev knows besides, from more probers than wipefs has, such as mpath_member. */
const udevLines = (nodes: readonly BlockNode[]): string[] =>
  nodes.flatMap(({ name, fstype, pttype, type }) => [
    ...(fstype === null ? [] : [`${name}: ${fstype}`]),
    ...(pttype === null || type === 'part' ? [] : [`${name}: ${pttype}`]),
  ]);

const partitionLines = (nodes: readonly BlockNode[]): string[] => {
  const parts = nodes.filter(({ type }) => type === 'part');
  return parts.length === 0 ? [] : [`partitions ${parts.map(({ name }) => name).join(', ')}`];
};

const edgeLines = (host: HostReader, { path, name }: BlockNode): string[] =>
  host.blockDevice(path)?.edges === 'zero' ? [] : [`${name}: data in its first or last 4 MiB`];

/** A line of udev that says no more than one of wipefs is left out. */
const merge = (lines: readonly string[], more: readonly string[]): string[] => [
  ...lines,
  ...more.filter((line) => !lines.some((one) => one.startsWith(line))),
];

/** The disk itself and its partitions; what is built on them bars it anyway. */
const ownNodes = (node: BlockNode): BlockNode[] =>
  withDescendants(node).filter(({ type }) => type === node.type || type === 'part');

const seesOn = async (
  host: HostReader,
  node: BlockNode,
  together: readonly BlockNode[],
): Promise<string[]> => {
  const own = ownNodes(node);
  try {
    const signatures = await signatureLines(host, own, together.flatMap(ownNodes));
    const seen = merge(signatures, udevLines(own));
    const parts = node.type === 'part' ? [] : partitionLines(own);
    return [...seen, ...parts, ...(seen.length === 0 ? edgeLines(host, node) : [])];
  } catch (error) {
    return [`cannot be read: ${reasonOf(error)}`];
  }
};

const missing = (path: string): Candidate => ({
  path,
  size: 0,
  serial: null,
  wwn: null,
  model: null,
  sees: [],
  bars: ['there is no such disk'],
});

interface Located {
  readonly path: string;
  readonly place: DiskPlace;
  readonly disk: BlockNode;
  /** What is asked for: the disk, or a partition of it. */
  readonly node: BlockNode;
}

const locate = (
  roots: readonly BlockNode[],
  path: string,
  place: DiskPlace | undefined,
): Located | Candidate => {
  if (place === undefined) return missing(path);
  const device = deviceOf(place);
  const disk = roots.find((one) => one.path === `/dev/${place.disk}`);
  const node = disk && withDescendants(disk).find((one) => one.path === device);
  return disk === undefined || node === undefined
    ? { ...missing(path), device, bars: [`lsblk(8) does not list ${device}`] }
    : { path, place, disk, node };
};

/** Disks of the manifest, looked at together: few processes, however many they are. */
export const inspectDisks = async (
  host: HostReader,
  paths: readonly string[],
  placeOf: (path: string) => DiskPlace | undefined,
  surroundings: Surroundings,
): Promise<Candidate[]> => {
  if (paths.length === 0) return [];
  const roots = await host.fact(blockDevices);
  const located = paths.map((path) => locate(roots, path, placeOf(path)));
  const together = located.flatMap((one) => ('node' in one ? [one.node] : []));
  const looked: Candidate[] = [];
  for (const one of located) {
    if (!('node' in one)) {
      looked.push(one);
      continue;
    }
    const { path, place, disk, node } = one;
    const { serial, wwn, model } = disk;
    const bars = barsOn(host, path, { roots, disk, node, place }, surroundings);
    const sees = await seesOn(host, node, together);
    looked.push({ path, device: node.path, size: node.size, serial, wwn, model, sees, bars });
  }
  return looked;
};
