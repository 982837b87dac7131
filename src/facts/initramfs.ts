/** What goes into an initramfs, and what a change of it owes (initramfs-tools(7)). */
import type { Debt } from '../engine/action.ts';
import type { HostReader } from '../host/host.ts';
import { bootableKernels, type Kernel } from './kernels.ts';

const MODPROBE = '/etc/modprobe.d';
export const INIT_TOP = '/etc/initramfs-tools/scripts/init-top';
export const HOOKS = '/etc/initramfs-tools/hooks';
/** mkinitramfs(8) copies the whole of these into every image, or runs them for it. */
const FOLDERS = [MODPROBE, INIT_TOP, HOOKS];

/** Built for the kernels that lack it, once a run; then looked into. Stays owed until it was seen to be right. */
export const INITRAMFS_DEBTS: readonly Debt[] = [
  {
    kind: 'Initramfs',
    does: { op: 'build' },
    description: 'rebuild the initramfs of every kernel that can boot',
    risk: 'safe',
  },
  {
    kind: 'Initramfs',
    does: { op: 'verify' },
    description: 'look whether the initramfs has what it must',
    risk: 'safe',
  },
];

export interface Input {
  readonly path: string;
  /** In milliseconds since 1970. */
  readonly modified: number;
}

const inputsIn = (host: HostReader, folder: string): Input[] =>
  [folder, ...(host.readDirectory(folder) ?? []).map((name) => `${folder}/${name}`)].flatMap((path) => {
    const modified = host.lstat(path)?.modified;
    return modified === undefined ? [] : [{ path, modified }];
  });

/** The newest of what goes in. A folder counts, too: its time tells that a file has gone. */
export const newestInput = (host: HostReader): Input | undefined =>
  FOLDERS.flatMap((folder) => inputsIn(host, folder)).reduce<Input | undefined>(
    (newest, one) => (newest === undefined || one.modified > newest.modified ? one : newest),
    undefined,
  );

/** Kernels that would boot with an older copy. */
export const staleKernels = (host: HostReader): Kernel[] => {
  const newest = newestInput(host)?.modified ?? 0;
  return bootableKernels(host).filter(({ initramfs }) => initramfs === undefined || initramfs < newest);
};

/** Modules that hooks of ours put into every image. */
export const modulesInside = (host: HostReader): string[] => [
  ...new Set(
    (host.readDirectory(HOOKS) ?? [])
      .filter((name) => name.startsWith('phoenix-'))
      .map((name) => host.readFile(`${HOOKS}/${name}`)?.toString() ?? '')
      .flatMap((text) => [...text.matchAll(/^manual_add_modules ([\w-]+)$/gm)].map(([, name = '']) => name)),
  ),
];

/** Names that must be inside: every file of modprobe.d, and every script of ours. */
export const mustContain = (host: HostReader): string[] => [
  ...(host.readDirectory(MODPROBE) ?? [])
    .filter((name) => name.endsWith('.conf'))
    .map((name) => `etc/modprobe.d/${name}`),
  ...(host.readDirectory(INIT_TOP) ?? [])
    .filter((name) => name.startsWith('phoenix-'))
    .map((name) => `scripts/init-top/${name}`),
];
