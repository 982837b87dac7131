/** The disks that the lab files of storage share, so that one boot serves them all. */
import type { Hardware } from './machine/hardware.ts';

const scsi = (index: number) => ({ serial: `s${index}`, size: '128M', bus: 'scsi' as const });

export const STORAGE: Partial<Hardware> = {
  disks: [
    ...['spare-a', 'spare-b', 'spare-c', 'spare-d'].map((serial) => ({ serial, size: '128M' })),
    ...Array.from({ length: 24 }, (_, index) => scsi(index)),
    { ...scsi(24), size: '256M' },
    { serial: 'twin', name: 'twin-1', size: '128M', bus: 'scsi' },
    { serial: 'twin', name: 'twin-2', size: '128M', bus: 'scsi' },
  ],
  pci: [],
};

export const virtio = (letter: string): string => `/dev/disk/by-id/virtio-spare-${letter}`;
export const disk = (index: number | string): string =>
  `/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_${typeof index === 'number' ? `s${index}` : index}`;
