/** Modules of the kernel, by the names that people use: `vfio-pci` and `vfio_pci` are one. */
import { z } from 'zod';
import type { HostReader } from '../host/host.ts';
import { runningKernel } from './kernels.ts';

export const moduleName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_-]*$/, 'expected the name of a kernel module, such as vfio-pci')
  .max(64);

export const underscored = (name: string): string => name.replaceAll('-', '_');

/** `loaded` is in memory; `builtin` is part of the kernel; `available` could be loaded; `unknown` is none of this kernel. */
export type ModuleState = 'loaded' | 'builtin' | 'available' | 'unknown';

const namesIn = (text: string | undefined, name: (line: string) => string): ReadonlySet<string> =>
  new Set((text ?? '').split('\n').map((line) => underscored(name(line))));

const ofPath = (line: string): string => /([^/]+)\.ko(?:\.\w+)?(?::|$)/.exec(line)?.[1] ?? '';

export const modulesOf = (host: HostReader): ((name: string) => ModuleState) => {
  const folder = `/lib/modules/${runningKernel(host)}`;
  const text = (path: string): string | undefined => host.readFile(path)?.toString();
  const loaded = namesIn(text('/proc/modules'), (line) => line.split(' ')[0] ?? '');
  const builtin = namesIn(text(`${folder}/modules.builtin`), ofPath);
  const available = namesIn(text(`${folder}/modules.dep`), ofPath);
  return (name) => {
    const key = underscored(name);
    if (loaded.has(key)) return 'loaded';
    if (builtin.has(key)) return 'builtin';
    return available.has(key) ? 'available' : 'unknown';
  };
};
