import type { Area, Host } from '../../host/host.ts';
import { asShown } from './actual.ts';
import { lookAgain, settle } from './look-again.ts';
import type { PoolOp, SeenDisk } from './schema.ts';

type WipeOp = Extract<PoolOp, { op: 'wipe' }>;

/** Of `start` and `size` in /sys/class/block, whatever the disk's own sectors are. */
const SECTOR = 512;

const numberIn = (host: Host, path: string): number => Number(host.readFile(path)?.toString() ?? Number.NaN);

/** Where the partitions of a disk begin and how long they are, in bytes. */
const partitionsOf = (host: Host, disk: string): Area[] =>
  (host.readDirectory(`/sys/class/block/${disk}`) ?? [])
    .filter((name) => name.startsWith(disk) && host.lstat(`/sys/class/block/${disk}/${name}/partition`))
    .map((name) => ({
      offset: numberIn(host, `/sys/class/block/${disk}/${name}/start`) * SECTOR,
      length: numberIn(host, `/sys/class/block/${disk}/${name}/size`) * SECTOR,
    }));

const toldOf = ({ device, size, serial, sees }: SeenDisk): string =>
  [device, `${size} bytes`, `serial ${serial ?? 'none'}`, ...sees].join(', ');

/** The disks must be what the table of the plan showed, to the last signature. */
const mustBeAsShown = async (host: Host, disks: readonly SeenDisk[]): Promise<void> => {
  const looked = await lookAgain(
    host,
    disks.map(({ path }) => path),
  );
  for (const [index, now] of looked.entries()) {
    const shown = disks[index];
    if (now.bars.length > 0) throw new Error(`${now.path} is not wiped: ${now.bars.join('; ')}`);
    if (shown === undefined || JSON.stringify(asShown(now)) !== JSON.stringify(shown))
      throw new Error(
        `${now.path} is not wiped: it is not what the plan showed any more (shown: ${shown === undefined ? 'nothing' : toldOf(shown)}; now: ${toldOf(asShown(now))})`,
      );
  }
};

const wipeDisk = async (disk: SeenDisk, host: Host): Promise<void> => {
  const name = disk.device.slice('/dev/'.length);
  await host.clearBlockDevice(disk.device, {
    parts: partitionsOf(host, name),
    keepAs: disk.path.slice(disk.path.lastIndexOf('/') + 1),
    stillSo: () => mustBeAsShown(host, [disk]),
  });
  await host.run({ program: 'blockdev', args: ['--rereadpt', disk.device] });
  await settle(host);
};

/** Disk by disk; all of them are looked at before the first is touched. */
export const wipeDisks = async ({ disks }: WipeOp, host: Host): Promise<void> => {
  await mustBeAsShown(host, disks);
  for (const disk of disks) await wipeDisk(disk, host);
};
