import { present, type Reading } from '../../engine/reading.ts';
import { totalMemory } from '../../facts/memory.ts';
import type { HostReader } from '../../host/host.ts';
import { assigned, configFiles, FOLDER, LIMITS, OWN, valuesIn, type ConfigFile } from './modprobe.ts';
import type { Actual, Limits } from './schema.ts';

const ARCSTATS = '/proc/spl/kstat/zfs/arcstats';

/**
 * What the cache goes by. The parameters below /sys/module/zfs only repeat what was written to them, even when it was
 * ignored (OpenZFS 2.3).
 */
export const liveLimits = (host: HostReader): Limits | undefined => {
  const text = host.readFile(ARCSTATS)?.toString();
  if (text === undefined) return undefined;
  const value = (name: string): number => {
    const [, found] = new RegExp(`^${name} +\\d+ +(\\d+)$`, 'm').exec(text) ?? [];
    if (found === undefined) throw new Error(`${ARCSTATS}: expected a line ${name}`);
    return Number(found);
  };
  return { max: value('c_max'), min: value('c_min') };
};

/** The hook of the package zfs-initramfs puts the module in; so may the administrator's own list. */
const isInInitramfs = (host: HostReader): boolean =>
  host.lstat('/usr/share/initramfs-tools/hooks/zfs') !== undefined ||
  /^\s*zfs(?:\s|$)/m.test(host.readFile('/etc/initramfs-tools/modules')?.toString() ?? '');

const isRelevant = ({ name, path, text }: ConfigFile): boolean =>
  path.startsWith(`${FOLDER}/`) && (name === OWN || LIMITS.some((limit) => valuesIn(text, limit).length > 0));

const bootOf = (files: readonly ConfigFile[], cmdline: string): Actual['boot'] => {
  const max = assigned(files, cmdline, 'max');
  const min = assigned(files, cmdline, 'min');
  return { ...(max === undefined ? {} : { max }), ...(min === undefined ? {} : { min }) };
};

export const read = async (host: HostReader): Promise<Reading<Actual>> => {
  const memory = await host.fact(totalMemory);
  if (memory === undefined) return { is: 'unknown', reason: '/proc/meminfo: no such file' };
  const live = liveLimits(host);
  const files = configFiles(host);
  return present<Actual>({
    memory,
    ...(live === undefined ? {} : { live }),
    boot: bootOf(files, host.readFile('/proc/cmdline')?.toString() ?? ''),
    files: Object.fromEntries(files.filter(isRelevant).map(({ path, text }) => [path, text])),
    inInitramfs: isInInitramfs(host),
  });
};
