import { present, readEach, type Reading } from '../../engine/reading.ts';
import { bootEntries } from '../../facts/boot-entries.ts';
import { bootLoaderOf, GRUB_FOLDER, KERNEL_CMDLINE, type BootLoader } from '../../facts/boot-loader.ts';
import { cpuOf } from '../../facts/cpu.ts';
import { isSameKey, keyOfWord, wordsOf, wordsOfKey } from '../../facts/kernel-words.ts';
import type { HostReader } from '../../host/host.ts';
import type { Actual, Desired } from './schema.ts';
import { dropInPath, keyOf } from './words.ts';

const text = (host: HostReader, path: string): string | undefined => host.readFile(path)?.toString();

/** What GRUB's own files say, as text: they are shell, and only update-grub knows what comes out. */
const grubFiles = (host: HostReader): [path: string, text: string][] =>
  [
    '/etc/default/grub',
    ...(host.readDirectory(GRUB_FOLDER) ?? [])
      .filter((name) => name.endsWith('.cfg'))
      .map((name) => `${GRUB_FOLDER}/${name}`),
  ].map((path) => [path, (text(host, path) ?? '').replace(/^\s*#.*$/gm, '')]);

const names = (content: string, key: string): boolean =>
  content.split(/[\s"'=]+/).some((word) => isSameKey(word, key));

interface Boot {
  readonly loader?: BootLoader | undefined;
  readonly entries?: string[][] | undefined;
  readonly grub: readonly [string, string][];
  readonly kernelCmdline?: string[] | undefined;
  readonly live: string[];
  readonly cpu: Actual['cpu'];
  readonly iommu: boolean;
}

const bootOf = async (host: HostReader): Promise<Boot> => {
  const loader = await bootLoaderOf(host);
  const kernelCmdline = text(host, KERNEL_CMDLINE);
  return {
    loader,
    entries: loader && (await bootEntries(host, loader)),
    grub: loader?.grub ? grubFiles(host) : [],
    kernelCmdline: kernelCmdline === undefined ? undefined : wordsOf(kernelCmdline),
    live: wordsOf(text(host, '/proc/cmdline') ?? ''),
    cpu: cpuOf(host),
    iommu: (host.readDirectory('/sys/class/iommu') ?? []).length > 0,
  };
};

const writtenAt = (host: HostReader, key: string): number =>
  Math.max(0, ...[dropInPath(key), KERNEL_CMDLINE].map((path) => host.lstat(path)?.modified ?? 0));

const actualOf = (host: HostReader, key: string, boot: Boot): Actual => {
  const { loader, entries, kernelCmdline } = boot;
  const dropIn = loader?.grub ? text(host, dropInPath(key)) : undefined;
  return {
    cpu: boot.cpu,
    ...(loader === undefined ? {} : { loader }),
    live: wordsOfKey(boot.live, key),
    ...(dropIn === undefined ? {} : { dropIn }),
    elsewhere: boot.grub
      .filter(([path, content]) => path !== dropInPath(key) && names(content, key))
      .map(([path]) => path),
    ...(kernelCmdline === undefined ? {} : { kernelCmdline: wordsOfKey(kernelCmdline, key) }),
    hasRoot: kernelCmdline?.some((word) => keyOfWord(word) === 'root') ?? false,
    ...(entries === undefined ? {} : { entries: entries.map((words) => wordsOfKey(words, key)) }),
    iommu: boot.iommu,
    written: writtenAt(host, key),
  };
};

export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const boot = await bootOf(host);
  return readEach(all, keyOf, (want) => present(actualOf(host, keyOf(want), boot)));
};
