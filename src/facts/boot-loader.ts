/** What carries the kernel's command line to the next boot; found from the running system, never guessed. */
import type { CommandFact, HostReader } from '../host/host.ts';

export const GRUB_FOLDER = '/etc/default/grub.d';
export const KERNEL_CMDLINE = '/etc/kernel/cmdline';
const UUIDS = '/etc/kernel/proxmox-boot-uuids';
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

/** How each EFI system partition is set up: `1A2B-3C4D is configured with: uefi (versions: 6.8.12-4-pve)`. */
const proxmoxBootStatus: CommandFact<string | undefined> = {
  name: 'proxmox-boot-tool status',
  command: { program: 'proxmox-boot-tool', args: ['status'] },
  absent: undefined,
  parse: (stdout) => stdout,
};

const configuredWith = (status: string, what: RegExp): boolean =>
  status.split('\n').some((line) => /configured with:/.test(line) && what.test(line));

const ofProxmox = async (host: HostReader): Promise<BootLoader> => {
  const status = (await host.fact(proxmoxBootStatus)) ?? '';
  const grub = configuredWith(status, /\bgrub \(versions:/);
  const cmdline = configuredWith(status, /\b(?:uefi|systemd-boot) \(versions:/);
  if (!grub && !cmdline)
    throw new Error(
      `${UUIDS} names partitions, and proxmox-boot-tool status says of none what it is configured with; run proxmox-boot-tool init for them`,
    );
  const by: Generator[] = grub ? ['update-grub', 'proxmox-boot-tool'] : ['proxmox-boot-tool'];
  return {
    name: `proxmox-boot-tool (${[grub && 'GRUB', cmdline && 'systemd-boot'].filter(Boolean).join(', ')})`,
    grub,
    cmdline,
    by,
  };
};

const saysOfItself = (host: HostReader): string | undefined =>
  // four bytes of attributes, then UTF-16
  host.readFile(LOADER_INFO)?.subarray(4).toString('utf16le');

const hasUuids = (host: HostReader): boolean => /^[^\s#]/m.test(host.readFile(UUIDS)?.toString() ?? '');

const hasGrub = (host: HostReader): boolean =>
  ['/usr/sbin/update-grub', '/boot/grub/grub.cfg'].some((path) => host.lstat(path) !== undefined);

/** Undefined: none that is known here. Throws where it cannot be told. */
export const bootLoaderOf = async (host: HostReader): Promise<BootLoader | undefined> => {
  if (hasUuids(host)) return await ofProxmox(host);
  const info = saysOfItself(host);
  if (info?.startsWith('systemd-boot')) return SYSTEMD_BOOT;
  return hasGrub(host) ? GRUB : undefined;
};
