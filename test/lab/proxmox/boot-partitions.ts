/** Makes a machine one that proxmox-boot-tool keeps: a partition for systemd-boot, one for GRUB, and one that is gone. */
import { join } from 'node:path';
import { allOf } from '../expect.ts';
import type { Machine } from '../machine/machine.ts';

const UUIDS = '/etc/kernel/proxmox-boot-uuids';
const UEFI = { disk: '/dev/vdc', uuid: '1A2B-3C4D' };
const GRUB = { disk: '/dev/vdd', uuid: '5E6F-7A8B' };
const GONE = '9C0D-1E2F';

const format = ({ disk, uuid }: typeof UEFI, fill: string): string =>
  allOf(
    `sgdisk -n1:0:0 -t1:ef00 ${disk} > /dev/null && udevadm settle`,
    `mkfs.vfat -F 32 -i ${uuid.replace('-', '')} ${disk}1 > /dev/null`,
    `mount ${disk}1 /mnt && (cd /mnt && ${fill}) && umount /mnt && udevadm settle`,
  );

export const keepByProxmoxBootTool = async (machine: Machine): Promise<void> => {
  await machine.copyIn(join(import.meta.dirname, 'proxmox-boot-tool'), '/usr/sbin/proxmox-boot-tool');
  await machine.succeed(
    allOf(
      'chmod 0755 /usr/sbin/proxmox-boot-tool',
      format(UEFI, 'mkdir -p EFI/proxmox loader/entries && echo "default proxmox-*" > loader/loader.conf'),
      format(GRUB, 'mkdir -p EFI/proxmox grub && touch EFI/proxmox/grubx64.efi'),
      `printf '${UEFI.uuid}\\n${GRUB.uuid}\\n${GONE}\\n' > ${UUIDS}`,
    ),
  );
};

/** Runs a line where a partition is mounted, which it is for nobody else. */
const within = ({ disk }: typeof UEFI, line: string): string =>
  `unshare --mount sh -c "mount ${disk}1 /mnt && ${line}"`;

const ENTRY = '/mnt/loader/entries/proxmox-*.conf';
const GRUB_LINES = "grep '^[[:space:]]*linux.* quiet' /mnt/grub/grub.cfg";

export const uefiHas = (word: string): string => within(UEFI, `grep -Eq '^options .* ${word}( |$)' ${ENTRY}`);
export const grubHas = (word: string): string => within(GRUB, `${GRUB_LINES} | grep -qw ${word}`);
export const grubHasNot = (word: string): string =>
  within(GRUB, `${GRUB_LINES} > /root/lines && ! grep -w ${word} /root/lines`);
export const uefiHasNot = (word: string): string => within(UEFI, `! grep -w ${word} ${ENTRY}`);
export const takeFromUefi = (word: string): string => within(UEFI, `sed -i 's/ ${word}//' ${ENTRY}`);
