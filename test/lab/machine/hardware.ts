/** A spare disk: /dev/disk/by-id/virtio-SERIAL in the guest. */
interface Disk {
  readonly serial: string;
  readonly size: string;
}

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

/** Fixed slots: the addresses and interface names seen by the guest do not depend on what else is declared. */
const FIRST_DISK_SLOT = 0x08;
const FIRST_PCI_SLOT = 0x12;
const slot = (first: number, index: number): string => `0x${(first + index).toString(16)}`;

const drive = (file: string, serial: string, index: number): string[] => [
  '-drive',
  // writeback: what the guest has not flushed yet may be lost in a power cut, as on a real disk.
  `file=${file},if=none,id=disk${index},format=qcow2,cache=writeback,discard=unmap`,
  '-device',
  `virtio-blk-pci,drive=disk${index},serial=${serial},addr=${slot(FIRST_DISK_SLOT, index)}`,
];

/** The part of QEMU's arguments that the guest can see. A saved state fits only a machine with the same part. */
export const hardwareArguments = (hardware: Hardware, accelerator: string): string[] => [
  ...['-machine', 'q35,kernel-irqchip=split', '-accel', accelerator, '-cpu', 'max', '-smp', '2'],
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
  ...hardware.pci.flatMap((model, index) => ['-device', `${model},addr=${slot(FIRST_PCI_SLOT, index)}`]),
];

/** The disk arguments: the root disk first, then the declared ones. `files` is in the same order. */
export const diskArguments = (hardware: Hardware, files: readonly string[]): string[] =>
  ['root', ...hardware.disks.map((disk) => disk.serial)].flatMap((serial, index) =>
    drive(files[index]!, serial, index),
  );
