/** Devices on the PCI bus as sysfs has them: by full address, such as 0000:01:00.0. */
import type { HostReader } from '../host/host.ts';

export const PCI_DEVICES = '/sys/bus/pci/devices';

export interface PciDevice {
  readonly address: string;
  /** Vendor and device, such as 8086:10d3. */
  readonly id: string;
  /** Six hexadecimal digits: 030000 is a graphics card. */
  readonly class: string;
  readonly driver?: string;
  /** The only driver that may take it. */
  readonly override?: string;
  /** Undefined while the IOMMU is off. */
  readonly group?: string;
}

const baseOf = (path: string | undefined): string | undefined => path?.slice(path.lastIndexOf('/') + 1);

const text = (host: HostReader, path: string): string | undefined => host.readFile(path)?.toString().trim();

const number = (host: HostReader, path: string): string => (text(host, path) ?? '').replace(/^0x/, '');

/** Undefined if there is no such device. */
export const pciDevice = (host: HostReader, address: string): PciDevice | undefined => {
  const folder = `${PCI_DEVICES}/${address}`;
  const vendor = number(host, `${folder}/vendor`);
  if (vendor === '') return undefined;
  const driver = baseOf(host.lstat(`${folder}/driver`)?.target);
  const group = baseOf(host.lstat(`${folder}/iommu_group`)?.target);
  const override = text(host, `${folder}/driver_override`);
  return {
    address,
    id: `${vendor}:${number(host, `${folder}/device`)}`,
    class: number(host, `${folder}/class`),
    ...(driver === undefined ? {} : { driver }),
    // what is not set reads as "(null)"
    ...(override === undefined || override === '(null)' || override === '' ? {} : { override }),
    ...(group === undefined ? {} : { group }),
  };
};

const pciAddresses = (host: HostReader): readonly string[] => host.readDirectory(PCI_DEVICES) ?? [];

export const membersOfGroup = (host: HostReader, group: string): PciDevice[] =>
  (host.readDirectory(`/sys/kernel/iommu_groups/${group}/devices`) ?? []).flatMap((address) => {
    const device = pciDevice(host, address);
    return device === undefined ? [] : [device];
  });

/** A whole address, all functions of a slot (0000:01:00), or all devices of one id (10de:1e84). */
export const pciMatches = (host: HostReader, selector: string): PciDevice[] => {
  const isId = /^[0-9a-f]{4}:[0-9a-f]{4}$/.test(selector);
  return pciAddresses(host)
    .filter((address) => isId || address === selector || address.startsWith(`${selector}.`))
    .flatMap((address) => {
      const device = pciDevice(host, address);
      return device === undefined || (isId && device.id !== selector) ? [] : [device];
    });
};

/** Bridges of PCI itself: the kernel leaves them in a group, and a guest does not get them. */
export const isBridge = ({ class: code }: PciDevice): boolean => /^060[04]/.test(code);

const CLASSES: Readonly<Record<string, string>> = {
  '01': 'storage',
  '02': 'network',
  '03': 'display',
  '04': 'audio',
  '06': 'bridge',
  '0c': 'serial bus',
};

/** For people: `0000:01:00.1 (audio, 10de:10f8, snd_hda_intel)`. */
export const describePci = (device: PciDevice): string =>
  `${device.address} (${[CLASSES[device.class.slice(0, 2)] ?? `class ${device.class}`, device.id, device.driver ?? 'no driver'].join(', ')})`;
