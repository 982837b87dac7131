/** Who uses a PCI device: disks, network interfaces, processes. What is found here must not be taken from the host. */
import { z } from 'zod';
import type { CommandFact, HostReader } from '../host/host.ts';
import { blockDevices, withDescendants, type BlockNode } from './lsblk.ts';
import { PCI_DEVICES, type PciDevice } from './pci.ts';

/** Whether a device of a class hangs on it, directly or by way of a bus of its own. */
const hangsOn = (host: HostReader, entry: string, { address }: PciDevice): boolean =>
  host.lstat(entry)?.target?.includes(`/${address}/`) ?? false;

const MEMBERS = /^(?:zfs_member|LVM2_member|linux_raid_member|bcache|ceph_bluestore|drbd)$/;

const useOfDisk = (disk: BlockNode): string | undefined => {
  const parts = withDescendants(disk);
  const mounted = parts.flatMap(({ mountpoints }) => mountpoints).filter((path) => path !== null);
  if (mounted.length > 0) return `carries ${disk.path}, where ${mounted.join(', ')} is`;
  const member = parts.find(({ fstype }) => MEMBERS.test(fstype ?? ''));
  if (member !== undefined)
    return `carries ${member.path}, a part of something larger (${member.fstype ?? ''})`;
  const stacked = parts.find(({ type, name }) => name !== disk.name && type !== 'part');
  return stacked && `carries ${disk.path}, which ${stacked.path} is built on`;
};

const disksOn = async (host: HostReader, device: PciDevice): Promise<string[]> =>
  (await host.fact(blockDevices))
    .filter(({ name }) => hangsOn(host, `/sys/class/block/${name}`, device))
    .flatMap((disk) => useOfDisk(disk) ?? []);

const link = z.object({
  ifname: z.string(),
  addr_info: z.array(z.object({ local: z.string().optional(), scope: z.string() })).default([]),
});

/** Addresses by interface, but for those that every interface gives itself. */
const addresses: CommandFact<ReadonlyMap<string, readonly string[]>> = {
  name: 'ip -j address',
  command: { program: 'ip', args: ['-j', 'address'] },
  absent: new Map(),
  parse: (stdout) =>
    new Map(
      z
        .array(link)
        .parse(JSON.parse(stdout))
        .map(({ ifname, addr_info }) => [
          ifname,
          addr_info.flatMap(({ local, scope }) => (scope === 'link' || local === undefined ? [] : [local])),
        ]),
    ),
};

const useOfInterface = (host: HostReader, name: string, own: readonly string[]): string[] => [
  ...own.map((address) => `is ${name}, which has the address ${address}`),
  ...(host.readDirectory(`/sys/class/net/${name}`) ?? [])
    .filter((entry) => entry.startsWith('upper_'))
    .map((entry) => `is ${name}, a part of ${entry.slice('upper_'.length)}`),
];

const interfacesOn = async (host: HostReader, device: PciDevice): Promise<string[]> => {
  const names = (host.readDirectory('/sys/class/net') ?? []).filter((name) =>
    hangsOn(host, `/sys/class/net/${name}`, device),
  );
  if (names.length === 0) return [];
  const known = await host.fact(addresses);
  return names.flatMap((name) => useOfInterface(host, name, known.get(name) ?? []));
};

const isFirstDisplay = (host: HostReader, { address }: PciDevice): string[] =>
  host.readFile(`${PCI_DEVICES}/${address}/boot_vga`)?.toString().trim() === '1'
    ? ['is the graphics card that the firmware started with (boot_vga)']
    : [];

/** Nodes below /dev by which programs hold it. */
const nodesOf = (host: HostReader, device: PciDevice): RegExp[] => {
  const folder = `${PCI_DEVICES}/${device.address}`;
  const cards = (host.readDirectory(`${folder}/sound`) ?? []).map((name) => name.replace(/^card/, ''));
  return [
    ...(host.readDirectory(`${folder}/drm`) ?? []).map((name) => new RegExp(`^/dev/dri/${name}$`)),
    ...cards.map((card) => new RegExp(`^/dev/snd/[a-z]+C${card}(?:D.*)?$`)),
    ...(device.driver === 'nvidia' ? [/^\/dev\/nvidia/] : []),
    ...(device.driver === 'vfio-pci' && device.group !== undefined
      ? [new RegExp(`^/dev/vfio/${device.group}$`)]
      : []),
  ];
};

const filesOf = (host: HostReader, pid: string): string[] => {
  try {
    const folder = `/proc/${pid}/fd`;
    return (host.readDirectory(folder) ?? []).flatMap((fd) => host.lstat(`${folder}/${fd}`)?.target ?? []);
  } catch {
    // it has ended since
    return [];
  }
};

const processesOn = (host: HostReader, device: PciDevice): string[] => {
  const nodes = nodesOf(host, device);
  if (nodes.length === 0) return [];
  return (host.readDirectory('/proc') ?? [])
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      const open = filesOf(host, pid).find((file) => nodes.some((node) => node.test(file)));
      const name = host.readFile(`/proc/${pid}/comm`)?.toString().trim() ?? '';
      return open === undefined ? [] : [`is in use by process ${pid} (${name}), which has ${open} open`];
    });
};

/** Everything that speaks against taking it from who has it now. */
export const usesOf = async (host: HostReader, device: PciDevice): Promise<string[]> => [
  ...(await disksOn(host, device)),
  ...(await interfacesOn(host, device)),
  ...isFirstDisplay(host, device),
  ...processesOn(host, device),
];
