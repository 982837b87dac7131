/**
 * What a disk is, what is on it, and why it may not be taken. The rule: only what is proven to be empty counts as empty,
 * and what cannot be read is not.
 */
import { deviceOf, type DiskPlace } from '../../facts/disk-place.ts';
import { blockDevices, withDescendants, type BlockNode } from '../../facts/lsblk.ts';
import { zfsLabelOn } from '../../facts/zdb-label.ts';
import { signaturesOn } from '../../facts/wipefs.ts';
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

const signatureLines = async (host: HostReader, nodes: readonly BlockNode[]): Promise<string[]> => {
  const signatures = await host.fact(signaturesOn(nodes.map(({ path }) => path)));
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

const seesOn = async (host: HostReader, node: BlockNode): Promise<string[]> => {
  const own = withDescendants(node).filter(({ type }) => type === node.type || type === 'part');
  try {
    const signatures = await signatureLines(host, own);
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

/** A disk of the manifest, looked at. */
export const inspectDisk = async (
  host: HostReader,
  path: string,
  place: DiskPlace | undefined,
  surroundings: Surroundings,
): Promise<Candidate> => {
  if (place === undefined) return missing(path);
  const device = deviceOf(place);
  const roots = await host.fact(blockDevices);
  const disk = roots.find((node) => node.path === `/dev/${place.disk}`);
  const node = disk && withDescendants(disk).find((one) => one.path === device);
  if (disk === undefined || node === undefined)
    return { ...missing(path), device, bars: [`lsblk(8) does not list ${device}`] };
  const { size } = node;
  const { serial, wwn, model } = disk;
  const bars = barsOn(host, path, { roots, disk, node, place }, surroundings);
  return { path, device, size, serial, wwn, model, sees: await seesOn(host, node), bars };
};
