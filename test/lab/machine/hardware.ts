/** A spare disk: /dev/disk/by-id/virtio-SERIAL in the guest, or scsi-0QEMU_QEMU_HARDDISK_SERIAL. */
export interface Disk {
  readonly serial: string;
  readonly size: string;
  /** virtio unless told; of scsi there can be many more. */
  readonly bus?: 'virtio' | 'scsi';
  /** Of its file, where two disks have one serial number. */
  readonly name?: string;
}

export const nameOfDisk = ({ name, serial }: Disk): string => name ?? serial;

/** What a test declares about its machine, besides the root disk and the interface for the tests. */
export interface Hardware {
  readonly disks: readonly Disk[];
  /** QEMU device models, each in an IOMMU group of its own; network cards are not plugged into any network. */
  readonly pci: readonly string[];
}

export const DEFAULT_HARDWARE: Hardware = {
  disks: ['a', 'b', 'c', 'd'].map((letter) => ({ serial: `spare-${letter}`, size: '1G' })),
  pci: ['e1000e', 'e1000e'],
};

const MEMORY_MIB = 2560;

/**
 * All that the accelerator can do, but for what is dear where it is emulated. A fifth level of page tables costs about a
 * tenth of all time. So do the fast string instructions (ERMS, FSRM, and FSRS of the second part of leaf 7): the kernel
 * copies and clears its pages byte by byte with them.
 */
const CPU = 'max,la57=off,erms=off,fsrm=off,level-func7=0';

/**
 * Two cost a third more where they are emulated, and QEMU 10 falls over now and then when two of them meet a change of the
 * memory map, at a restart (iotlb_to_section).
 */
const PROCESSORS = 1;

/** Fixed slots: the addresses and interface names seen by the guest do not depend on what else is declared. */
const FIRST_DISK_SLOT = 0x08;
const FIRST_PCI_SLOT = 0x12;
const slot = (first: number, index: number): string => `0x${(first + index).toString(16)}`;

const isScsi = ({ bus }: Disk): boolean => bus === 'scsi';

const device = ({ serial }: Disk, index: number, place: number, scsi: boolean): string =>
  scsi
    ? `scsi-hd,bus=scsi.0,drive=disk${index},serial=${serial},scsi-id=${place}`
    : `virtio-blk-pci,drive=disk${index},serial=${serial},addr=${slot(FIRST_DISK_SLOT, place)}`;

const drive = (file: string, disk: Disk, index: number, place: number): string[] => [
  '-drive',
  // writeback: what the guest has not flushed yet may be lost in a power cut, as on a real disk.
  `file=${file},if=none,id=disk${index},format=qcow2,cache=writeback,discard=unmap`,
  '-device',
  device(disk, index, place, isScsi(disk)),
];

/** The part of QEMU's arguments that the guest can see. A saved state fits only a machine with the same part. */
export const hardwareArguments = (hardware: Hardware, accelerator: string): string[] => [
  ...['-machine', 'q35,kernel-irqchip=split', '-accel', accelerator, '-cpu', CPU, '-smp', String(PROCESSORS)],
  ...['-m', String(MEMORY_MIB)],
  ...['-device', 'intel-iommu,intremap=on,caching-mode=on'],
  ...['-device', 'virtio-net-pci,netdev=lab,mac=52:54:00:1a:b0:00,addr=0x2'],
  ...[
    '-device',
    'virtio-serial-pci,addr=0x3',
    '-device',
    'virtserialport,chardev=agent,name=org.qemu.guest_agent.0',
  ],
  ...['-device', 'virtio-rng-pci,addr=0x4'],
  ...(hardware.disks.some(isScsi) ? ['-device', 'virtio-scsi-pci,id=scsi,addr=0x5'] : []),
  ...hardware.pci.flatMap((model, index) => ['-device', `${model},addr=${slot(FIRST_PCI_SLOT, index)}`]),
];

const ROOT: Disk = { serial: 'root', size: '' };

/** Where each disk is plugged in: in their order on each bus, or the other way round, the root disk always first. */
const placesOf = (disks: readonly Disk[], reversed: boolean): number[] => {
  const next = { virtio: 1, scsi: 0 };
  const places = new Map<Disk, number>([[ROOT, 0]]);
  for (const disk of reversed ? disks.toReversed() : disks) places.set(disk, next[disk.bus ?? 'virtio']++);
  return [ROOT, ...disks].map((disk) => places.get(disk)!);
};

/** The disk arguments: the root disk first, then the declared ones. `files` is in the same order. */
export const diskArguments = (hardware: Hardware, files: readonly string[], reversed = false): string[] => {
  const places = placesOf(hardware.disks, reversed);
  return [ROOT, ...hardware.disks].flatMap((disk, index) =>
    drive(files[index]!, disk, index, places[index]!),
  );
};
