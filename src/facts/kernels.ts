/** Kernels that can boot, and their initramfs. */
import type { HostReader } from '../host/host.ts';

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
