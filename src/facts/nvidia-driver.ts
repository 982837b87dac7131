/** The versions of the NVIDIA driver: in the kernel, on disk, and of the libraries that talk to it. */
import type { HostReader } from '../host/host.ts';

export interface LoadedDriver {
  readonly version: string;
  readonly modules: 'open' | 'proprietary';
}

/** `NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.76.05  …`, or `… Open Kernel Module for x86_64  515.57  …`. */
const NVRM = /^NVRM version:\s+NVIDIA UNIX .*?(Open )?Kernel Module\b.*?\s(\d+\.\d+(?:\.\d+)*)\s/;

/** What is in the running kernel; undefined if it is not loaded. */
export const loadedDriver = (host: HostReader): LoadedDriver | undefined => {
  const said = host.readFile('/proc/driver/nvidia/version')?.toString();
  const [, open, version] = NVRM.exec(said ?? '') ?? [];
  const modules = open === undefined ? 'proprietary' : 'open';
  if (version !== undefined) return { version, modules };
  if (said !== undefined)
    throw new Error(
      `/proc/driver/nvidia/version: expected a line of NVRM, found "${said.split('\n')[0] ?? ''}"`,
    );
  const bare = host.readFile('/sys/module/nvidia/version')?.toString().trim();
  return bare === undefined ? undefined : { version: bare, modules };
};

/** Where Debian's packages and NVIDIA's installer put the library that nvidia-smi asks. */
const LIBRARIES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu/nvidia/current', '/usr/lib64'];

/** More than one means that two drivers are mixed. */
export const userspaceVersions = (host: HostReader): string[] => [
  ...new Set(
    LIBRARIES.flatMap((folder) => host.readDirectory(folder) ?? []).flatMap(
      (name) => /^libnvidia-ml\.so\.(\d+\.\d+(?:\.\d+)*)$/.exec(name)?.[1] ?? [],
    ),
  ),
];

/** NVIDIA's own installer leaves it; packages have none. */
export const UNINSTALLER = '/usr/bin/nvidia-uninstall';

/** Debian's packages put the name of the branch behind it; the kernel knows all of them as nvidia. */
const MODULE = /\/nvidia(?:-(?:current|tesla-\d+|legacy-\w+))?(?:-open)?\.ko(?:\.\w+)?:/;

/** Whether a kernel has the driver on disk, where modprobe finds it. */
export const hasModule = (host: HostReader, kernel: string): boolean =>
  MODULE.test(host.readFile(`/lib/modules/${kernel}/modules.dep`)?.toString() ?? '');
