/** Devices that this host needs to start, also while they are not mounted. */
import type { HostReader } from '../../host/host.ts';

export interface BootDevices {
  readonly file: string;
  /** Small letters: /dev/sda1, uuid=…, partuuid=…, label=…. */
  readonly names: ReadonlySet<string>;
}

const FSTAB = '/etc/fstab';
const CRYPTTAB = '/etc/crypttab';
/** The EFI system partitions that proxmox-boot-tool keeps, one UUID a line; they are mounted only while it runs. */
const PROXMOX_BOOT = '/etc/kernel/proxmox-boot-uuids';
/** The partition that the boot loader was started from, in UTF-16 after 4 bytes of attributes (systemd.io/BOOT_LOADER_INTERFACE). */
const LOADER = '/sys/firmware/efi/efivars/LoaderDevicePartUUID-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';

const rows = (text: string): string[][] =>
  text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([first]) => first !== undefined && first !== '');

/** A path of /dev/disk as the kernel name that it leads to. */
const resolved = (host: HostReader, name: string): string[] => {
  const target = name.startsWith('/dev/') ? host.lstat(name)?.target : undefined;
  return target === undefined ? [name] : [name, `/dev/${target.slice(target.lastIndexOf('/') + 1)}`];
};

const namesIn = (host: HostReader, names: readonly (string | undefined)[]): ReadonlySet<string> =>
  new Set(
    names
      .flatMap((name) => (name === undefined ? [] : resolved(host, name.replaceAll('"', ''))))
      .map((name) => name.toLowerCase()),
  );

const textOf = (host: HostReader, path: string): string => host.readFile(path)?.toString() ?? '';

const loaderPartition = (host: HostReader): string[] => {
  const uuid = host.readFile(LOADER)?.subarray(4).toString('utf16le').replace(/\0.*/s, '');
  return uuid === undefined ? [] : [`PARTUUID=${uuid}`];
};

export const bootDevices = (host: HostReader): BootDevices[] => [
  {
    file: FSTAB,
    names: namesIn(
      host,
      rows(textOf(host, FSTAB)).map(([device]) => device),
    ),
  },
  {
    file: CRYPTTAB,
    names: namesIn(
      host,
      rows(textOf(host, CRYPTTAB)).map((row) => row[1]),
    ),
  },
  {
    file: PROXMOX_BOOT,
    names: namesIn(
      host,
      rows(textOf(host, PROXMOX_BOOT)).map(([uuid]) => `UUID=${uuid ?? ''}`),
    ),
  },
  { file: 'the boot loader (LoaderDevicePartUUID)', names: namesIn(host, loaderPartition(host)) },
];
