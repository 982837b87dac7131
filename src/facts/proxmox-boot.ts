/** The EFI system partitions that proxmox-boot-tool keeps: what the next boot is from, and mounted only while it is written. */
import type { CommandFact, HostReader } from '../host/host.ts';

export const UUIDS = '/etc/kernel/proxmox-boot-uuids';

export interface BootPartition {
  readonly uuid: string;
  /** What boots from it; undefined: nothing that proxmox-boot-tool refreshes, or it cannot be mounted. */
  readonly boots?: 'grub' | 'uefi';
  /** `linux` lines of GRUB, or `options` lines of systemd-boot. */
  readonly lines: readonly string[];
}

/**
 * By the rules of `proxmox-boot-tool refresh`, which skips what does not fit and still ends with zero. They are mounted as
 * it mounts them, so that neither is in the way of the other, where no other process can see it.
 */
const LOOK = `grep -Eo '^[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}$' ${UUIDS} | while read -r uuid; do
  if ! mount "/dev/disk/by-uuid/$uuid" /mnt 2> /dev/null; then echo "partition $uuid"; continue; fi
  if [ ! -d /sys/firmware/efi ] || [ -e /mnt/EFI/proxmox/grubx64.efi ]; then
    if [ -d /mnt/grub ]; then echo "partition $uuid grub"; else echo "partition $uuid"; fi
    grep -Es '^[[:space:]]*linux(16|efi)?[[:space:]]' /mnt/grub/grub.cfg
  else
    if [ -f /mnt/loader/loader.conf ]; then echo "partition $uuid uefi"; else echo "partition $uuid"; fi
    grep -Ehs '^options[[:space:]]' /mnt/loader/entries/proxmox-*.conf
  fi
  umount /mnt
done
`;

const partition = (block: string): BootPartition => {
  const [, uuid, boots] = /^partition (\S+)(?: (grub|uefi))?$/m.exec(block) ?? [];
  if (uuid === undefined)
    throw new Error(`what was seen of the partitions of ${UUIDS} is not understood: ${block}`);
  const lines = block
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
  return boots === 'grub' || boots === 'uefi' ? { uuid, boots, lines } : { uuid, lines: [] };
};

/** Unseen: who looks may not mount, as in the sandbox of a check by the timer. */
export type Seen = readonly BootPartition[] | 'unseen';

const NOT_PERMITTED = 1;

const partitions: CommandFact<Seen> = {
  name: UUIDS,
  command: {
    program: 'unshare',
    args: ['--mount', '--propagation', 'private', 'sh'],
    input: LOOK,
    okCodes: [0, NOT_PERMITTED],
  },
  absent: 'unseen',
  parse: (stdout, { code, stderr }) => {
    if (code === NOT_PERMITTED && /not permitted/i.test(stderr)) return 'unseen';
    if (code !== 0) throw new Error(`the partitions of ${UUIDS} could not be looked at: ${stderr}`);
    return stdout === '' ? [] : stdout.split(/^(?=partition )/m).map(partition);
  },
};

/** Undefined: proxmox-boot-tool keeps none here. */
export const bootPartitions = async (host: HostReader): Promise<Seen | undefined> => {
  if (!/^[^\s#]/m.test(host.readFile(UUIDS)?.toString() ?? '')) return undefined;
  return await host.fact(partitions);
};
