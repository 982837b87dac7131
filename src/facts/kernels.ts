/** Kernels that can boot, and their initramfs. */
import type { HostReader } from '../host/host.ts';
import { compareVersions } from './debian-version.ts';

export interface Kernel {
  readonly version: string;
  /** When its initramfs was written, in milliseconds since 1970; undefined if it has none. */
  readonly initramfs?: number;
}

export const runningKernel = (host: HostReader): string =>
  host.readFile('/proc/sys/kernel/osrelease')?.toString().trim() ?? '';

/** Those with an image in /boot and modules to go with it. */
export const bootableKernels = (host: HostReader): Kernel[] =>
  (host.readDirectory('/boot') ?? [])
    .filter((name) => name.startsWith('vmlinuz-'))
    .map((name) => name.slice('vmlinuz-'.length))
    .filter((version) => host.lstat(`/lib/modules/${version}`) !== undefined)
    .map((version) => {
      const written = host.lstat(`/boot/initrd.img-${version}`)?.modified;
      return { version, ...(written === undefined ? {} : { initramfs: written }) };
    });

/** What `proxmox-boot-tool kernel pin` writes: for one boot, or for all. */
const PINS = ['/etc/kernel/next-boot-pin', '/etc/kernel/proxmox-boot-pin'];

/**
 * The kernel that boots next: one that was pinned, else the newest, which is what boot loaders take unless an operator
 * chose another in their menu. Undefined where there is none in /boot.
 */
export const nextKernel = (host: HostReader): Kernel | undefined => {
  const kernels = bootableKernels(host);
  const pinned = PINS.map((path) => host.readFile(path)?.toString().trim().split(/\s/)[0]);
  return (
    pinned.flatMap((version) => kernels.find((kernel) => kernel.version === version) ?? [])[0] ??
    kernels.toSorted((a, b) => compareVersions(b.version, a.version))[0]
  );
};

/** By this a module can be built for it. */
export const hasHeaders = (host: HostReader, version: string): boolean =>
  host.lstat(`/lib/modules/${version}/build`) !== undefined;
