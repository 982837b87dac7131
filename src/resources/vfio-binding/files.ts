/** The files that bind devices at boot: in the initramfs, before any other driver can have them. */
import { HOOKS, INIT_TOP } from '../../facts/initramfs.ts';
import type { Taken } from './schema.ts';

export const PREFIX = 'phoenix-vfio-';

/** initramfs-tools takes no name with a colon. */
const nameOf = (key: string): string => `${PREFIX}${key.replaceAll(':', '-')}`;

export const recordPath = (key: string): string => `/etc/modprobe.d/${nameOf(key)}.conf`;
const scriptPath = (key: string): string => `${INIT_TOP}/${nameOf(key)}`;
const hookPath = (key: string): string => `${HOOKS}/${nameOf(key)}`;

export const pathsOf = (key: string): string[] => [recordPath(key), scriptPath(key), hookPath(key)];

const head = (key: string): string => `# managed by phoenix: VfioBinding[${key}]\n`;

/** What each device was when it was taken; and vfio-pci first, where its driver is loaded later than the initramfs. */
const recordText = (key: string, devices: readonly Taken[]): string =>
  head(key) +
  devices.map(({ address, id, driver }) => `# ${[address, id, driver ?? '-'].join(' ')}\n`).join('') +
  [...new Set(devices.flatMap(({ driver }) => driver ?? []))]
    .map((driver) => `softdep ${driver} pre: vfio-pci\n`)
    .join('');

export const recordIn = (text: string): Taken[] =>
  [...text.matchAll(/^# ([0-9a-f:]+\.[0-7]) ([0-9a-f]{4}:[0-9a-f]{4}) ([\w-]+)$/gm)].map(
    ([, address = '', id = '', driver = '-']) => ({ address, id, ...(driver === '-' ? {} : { driver }) }),
  );

const hex = (id: string): string =>
  id
    .split(':')
    .map((part) => `0x${part}`)
    .join(':');

/** initramfs-tools(7): runs before udev; a card that was moved to this address meanwhile is left alone. */
const scriptText = (key: string, devices: readonly Taken[]): string => `#!/bin/sh
${head(key)}PREREQ=""
case "$1" in prereqs) echo "$PREREQ"; exit 0 ;; esac

take() {
  device="/sys/bus/pci/devices/$1"
  [ "$(cat "$device/vendor" 2>/dev/null):$(cat "$device/device" 2>/dev/null)" = "$2" ] || return 0
  echo vfio-pci > "$device/driver_override"
  [ ! -e "$device/driver" ] || echo "$1" > "$device/driver/unbind"
  echo "$1" > /sys/bus/pci/drivers_probe
}

modprobe -q vfio-pci
${devices.map(({ address, id }) => `take ${address} ${hex(id)}`).join('\n')}
`;

const hookText = (key: string): string => `#!/bin/sh
${head(key)}case "$1" in prereqs) exit 0 ;; esac
. /usr/share/initramfs-tools/hook-functions
manual_add_modules vfio-pci
`;

export interface BootFile {
  readonly path: string;
  readonly text: string;
  readonly mode: '0644' | '0755';
}

export const filesFor = (key: string, devices: readonly Taken[]): BootFile[] => [
  { path: recordPath(key), text: recordText(key, devices), mode: '0644' },
  { path: scriptPath(key), text: scriptText(key, devices), mode: '0755' },
  { path: hookPath(key), text: hookText(key), mode: '0755' },
];
