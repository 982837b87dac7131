/** What carries the kernel's command line to the next boot; found from the running system, never guessed. */
import type { HostReader } from '../host/host.ts';
import { bootPartitions, UUIDS, type BootPartition } from './proxmox-boot.ts';

export const GRUB_FOLDER = '/etc/default/grub.d';
export const KERNEL_CMDLINE = '/etc/kernel/cmdline';
/** Set by the boot loader itself: its name and version (systemd.io, Boot Loader Interface). */
const LOADER_INFO = '/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';

/** What makes the boot loader's own configuration from the files. */
export const GENERATORS = ['update-grub', 'proxmox-boot-tool', 'kernel-install'] as const;
export type Generator = (typeof GENERATORS)[number];

export interface BootLoader {
  readonly name: string;
  /** Reads drop-ins of /etc/default/grub.d. */
  readonly grub: boolean;
  /** Reads /etc/kernel/cmdline. */
  readonly cmdline: boolean;
  readonly by: readonly Generator[];
}

const GRUB: BootLoader = { name: 'GRUB', grub: true, cmdline: false, by: ['update-grub'] };
const SYSTEMD_BOOT: BootLoader = {
  name: 'systemd-boot',
  grub: false,
  cmdline: true,
  by: ['kernel-install'],
};

/** What its refresh would skip without a failure is said where its work is. */
const nameOf = (loaders: readonly string[], partitions: readonly BootPartition[]): string => {
  const skipped = partitions.filter(({ boots }) => boots === undefined).map(({ uuid }) => uuid);
  const without =
    skipped.length === 0 ? '' : `; not on ${skipped.join(', ')}, which has none or cannot be mounted`;
  return `proxmox-boot-tool (${loaders.join(', ')}${without})`;
};

/** Of GRUB, its refresh runs update-grub for each partition; what that writes to /boot itself is not booted from. */
const ofProxmox = (partitions: readonly BootPartition[]): BootLoader => {
  const grub = partitions.some(({ boots }) => boots === 'grub');
  const cmdline = partitions.some(({ boots }) => boots === 'uefi');
  if (!grub && !cmdline)
    throw new Error(
      `${UUIDS} names partitions, and there is none of them that can be mounted and has a boot loader; proxmox-boot-tool status shows them, proxmox-boot-tool init prepares one`,
    );
  return {
    name: nameOf([...(grub ? ['GRUB'] : []), ...(cmdline ? ['systemd-boot'] : [])], partitions),
    grub,
    cmdline,
    by: ['proxmox-boot-tool'],
  };
};

const saysOfItself = (host: HostReader): string | undefined =>
  // four bytes of attributes, then UTF-16
  host.readFile(LOADER_INFO)?.subarray(4).toString('utf16le');

const hasGrub = (host: HostReader): boolean =>
  ['/usr/sbin/update-grub', '/boot/grub/grub.cfg'].some((path) => host.lstat(path) !== undefined);

/** Undefined: none that is known here. Throws where it cannot be told. */
export const bootLoaderOf = async (host: HostReader): Promise<BootLoader | undefined> => {
  const partitions = await bootPartitions(host);
  const isSystemdBoot = saysOfItself(host)?.startsWith('systemd-boot') ?? false;
  // What this host has booted from is on one of them at least.
  if (partitions === 'unseen')
    return ofProxmox([{ uuid: '', boots: isSystemdBoot ? 'uefi' : 'grub', lines: [] }]);
  if (partitions !== undefined) return ofProxmox(partitions);
  if (isSystemdBoot) return SYSTEMD_BOOT;
  return hasGrub(host) ? GRUB : undefined;
};
