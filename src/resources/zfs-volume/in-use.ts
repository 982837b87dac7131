/** Who uses a volume's device, as far as the kernel tells: mounts, swap, and devices on top of it. */
import type { HostReader } from '../../host/host.ts';

const BLOCK = '/sys/class/block';

const textOf = (host: HostReader, path: string): string => host.readFile(path)?.toString() ?? '';

/** The device itself and its partitions: zd16, zd16p1. Empty if it has none (volmode, or not there yet). */
const devicesOf = (host: HostReader, volume: string): string[] => {
  const target = host.lstat(`/dev/zvol/${volume}`)?.target;
  const device = target?.slice(target.lastIndexOf('/') + 1);
  if (device === undefined) return [];
  const parts = (host.readDirectory(`${BLOCK}/${device}`) ?? []).filter((name) =>
    name.startsWith(`${device}p`),
  );
  return [device, ...parts];
};

const firstFields = (text: string): [source: string, place: string][] =>
  text.split('\n').map((line) => {
    const [source = '', place = ''] = line.split(/\s+/);
    return [source, place];
  });

export const usesOf = (host: HostReader, volume: string): string[] => {
  const devices = devicesOf(host, volume);
  const isOurs = (path: string): boolean =>
    devices.some((device) => path === `/dev/${device}`) ||
    path === `/dev/zvol/${volume}` ||
    path.startsWith(`/dev/zvol/${volume}-part`);
  const mounts = firstFields(textOf(host, '/proc/self/mounts')).filter(([source]) => isOurs(source));
  const swaps = firstFields(textOf(host, '/proc/swaps')).filter(([source]) => isOurs(source));
  const holders = devices.flatMap((device) => host.readDirectory(`${BLOCK}/${device}/holders`) ?? []);
  return [
    ...mounts.map(([, place]) => `it is mounted on ${place}`),
    ...swaps.map(() => 'it is swapped on'),
    ...holders.map((holder) => `${holder} is on top of it`),
  ];
};
