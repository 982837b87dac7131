/** The kernel's command line in each entry that the boot loader offers. */
import type { HostReader } from '../host/host.ts';
import type { BootLoader } from './boot-loader.ts';
import { wordsOf } from './kernel-words.ts';
import { bootPartitions, type BootPartition } from './proxmox-boot.ts';

const GRUB_CFG = '/boot/grub/grub.cfg';
/** Where an EFI system partition may be mounted (bootctl(1)). */
const FOLDERS = ['/efi/loader/entries', '/boot/efi/loader/entries', '/boot/loader/entries'];

type Entries = string[][];

const text = (host: HostReader, path: string): string => host.readFile(path)?.toString() ?? '';

/** Of lines `linux KERNEL WORDS`. Those of recovery leave out what GRUB_CMDLINE_LINUX_DEFAULT says. */
const ofGrub = (lines: readonly string[]): Entries =>
  lines.map((line) => wordsOf(line).slice(2)).filter((words) => !words.includes('single'));

/** Of lines `options WORDS`. */
const ofLoader = (lines: readonly string[]): Entries => lines.map((line) => wordsOf(line).slice(1));

const grubLines = (host: HostReader): string[] =>
  text(host, GRUB_CFG).match(/^\s*linux(?:16|efi)?\s+.*$/gm) ?? [];

const isEntry = (name: string): boolean => name.endsWith('.conf');

const loaderLines = (host: HostReader): string[] => {
  const folder = FOLDERS.find((path) => host.readDirectory(path)?.some(isEntry));
  if (folder === undefined) return [];
  return (host.readDirectory(folder) ?? [])
    .filter(isEntry)
    .flatMap((name) => text(host, `${folder}/${name}`).match(/^options\s+.*$/gm) ?? []);
};

const ofPartition = ({ boots, lines }: BootPartition): Entries =>
  boots === 'grub' ? ofGrub(lines) : ofLoader(lines);

/** Undefined: none can be seen. */
export const bootEntries = async (host: HostReader, loader: BootLoader): Promise<Entries | undefined> => {
  const partitions = await bootPartitions(host);
  if (partitions === 'unseen') return undefined;
  const found = partitions?.flatMap(ofPartition) ?? [
    ...(loader.grub ? ofGrub(grubLines(host)) : []),
    ...(loader.cmdline ? ofLoader(loaderLines(host)) : []),
  ];
  return found.length === 0 ? undefined : found;
};
