import { present, readEach, reasonOf, unknown, type Reading } from '../../engine/reading.ts';
import { GRUB_FOLDER, KERNEL_CMDLINE } from '../../facts/boot-loader.ts';
import { cpuOf } from '../../facts/cpu.ts';
import { wordsOf } from '../../facts/kernel-words.ts';
import { modeText } from '../../facts/ownership.ts';
import { isBridge, membersOfGroup, pciMatches, type PciDevice } from '../../facts/pci.ts';
import { usesOf } from '../../facts/pci-use.ts';
import type { HostReader } from '../../host/host.ts';
import { pathsOf, PREFIX, recordIn, recordPath } from './files.ts';
import { keyOf, type Actual, type Desired, type Target } from './schema.ts';

const isWanted = ({ ensure }: Desired): boolean => ensure === 'present';

/** Whoever loses it: the host when it is to be bound, a guest when it is to be released. */
const changesHands = (want: Desired, { driver }: PciDevice): boolean =>
  isWanted(want) === (driver !== 'vfio-pci');

const othersOf = (
  host: HostReader,
  { group, address }: PciDevice,
  named: ReadonlySet<string>,
): PciDevice[] =>
  group === undefined
    ? []
    : membersOfGroup(host, group).filter(
        (member) =>
          member.address !== address &&
          !isBridge(member) &&
          member.driver !== 'vfio-pci' &&
          !named.has(member.address),
      );

const targetOf = async (
  host: HostReader,
  want: Desired,
  device: PciDevice,
  named: ReadonlySet<string>,
): Promise<Target> => ({
  ...device,
  uses: changesHands(want, device) ? await usesOf(host, device) : [],
  others: isWanted(want) ? othersOf(host, device, named) : [],
});

const fileOf = (host: HostReader, path: string): [string, Actual['files'][string]][] => {
  const info = host.lstat(path);
  if (info === undefined) return [];
  return [[path, { text: host.readFile(path)?.toString() ?? '', mode: modeText(info.mode) }]];
};

const liveWords = (host: HostReader): string[] => wordsOf(host.readFile('/proc/cmdline')?.toString() ?? '');

/** On a processor of AMD the kernel uses it without being told. */
const wasTold = (host: HostReader): boolean =>
  liveWords(host).some((word) => /^intel_iommu=on(?:,|$)/.test(word)) || cpuOf(host) === 'amd';

/** What no word after it takes back. `intel_iommu=off` is: by the one that KernelCmdline adds. */
const forbiddenBy = (host: HostReader): string | undefined =>
  liveWords(host).find((word) => word === 'iommu=off' || (word === 'amd_iommu=off' && cpuOf(host) === 'amd'));

const leftoverOf = (host: HostReader, whole: readonly Desired[]): string[] => {
  const own = new Set(whole.map((want) => recordPath(keyOf(want))));
  return (host.readDirectory('/etc/modprobe.d') ?? [])
    .filter((name) => name.startsWith(PREFIX) && name.endsWith('.conf'))
    .map((name) => `/etc/modprobe.d/${name}`)
    .filter((path) => !own.has(path));
};

const readOne = async (
  host: HostReader,
  want: Desired,
  named: ReadonlySet<string>,
  whole: readonly Desired[],
): Promise<Reading<Actual>> => {
  const key = keyOf(want);
  try {
    const targets: Target[] = [];
    for (const device of pciMatches(host, key)) targets.push(await targetOf(host, want, device, named));
    const files = Object.fromEntries(pathsOf(key).flatMap((path) => fileOf(host, path)));
    const forbidden = forbiddenBy(host);
    const written = [GRUB_FOLDER, KERNEL_CMDLINE].map((path) => host.lstat(path)?.modified ?? 0);
    return present({
      targets,
      record: recordIn(files[recordPath(key)]?.text ?? ''),
      files,
      told: wasTold(host),
      ...(forbidden === undefined ? {} : { forbidden }),
      written: Math.max(...written),
      leftover: leftoverOf(host, whole),
    });
  } catch (error) {
    return unknown(reasonOf(error));
  }
};

export const read = async (
  host: HostReader,
  all: readonly Desired[],
  whole: readonly Desired[] = all,
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const devices = readEach(whole.filter(isWanted), keyOf, (want) => present(pciMatches(host, keyOf(want))));
  const named = new Set(
    [...devices.values()].flatMap((one) =>
      one.is === 'present' ? one.value.map(({ address }) => address) : [],
    ),
  );
  return new Map(
    await Promise.all(
      all.map(async (want) => [keyOf(want), await readOne(host, want, named, whole)] as const),
    ),
  );
};
