import type { Action, Change, Finding } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { INITRAMFS_DEBTS } from '../../facts/initramfs.ts';
import { describePci } from '../../facts/pci.ts';
import { filesFor } from './files.ts';
import { refuseBinding, refuseRelease } from './refuse.ts';
import { keyOf, type Actual, type Desired, type Taken, type Target, type VfioOp } from './schema.ts';

/** What is noted stays noted: once it is bound, its driver of before can no longer be seen. */
const takenOf = ({ address, id, driver }: Target, record: readonly Taken[]): Taken => {
  const before = record.find((one) => one.address === address)?.driver;
  const now = driver === 'vfio-pci' ? undefined : driver;
  const known = before ?? now;
  return { address, id, ...(known === undefined ? {} : { driver: known }) };
};

const fileChanges = (key: string, devices: readonly Taken[], { files }: Actual): Change[] =>
  filesFor(key, devices).flatMap(({ path, text, mode }): Change[] => {
    const found = files[path];
    if (found?.text !== text) return [{ path, from: found?.text ?? '', to: text, as: 'text' }];
    return found.mode === mode ? [] : [{ path: `${path} mode`, from: found.mode, to: mode }];
  });

const configure = (want: Desired, actual: Actual): Action<VfioOp>[] => {
  const key = keyOf(want);
  const { targets, record } = actual;
  const devices = targets.map((target) => takenOf(target, record));
  const changes = fileChanges(key, devices, actual);
  if (changes.length === 0) return [];
  return [
    {
      does: { op: 'configure', key, devices },
      description: `have vfio-pci take ${targets.map(describePci).join(', ')} at every boot, before other drivers`,
      risk: 'disruptive',
      changes,
      undo: {
        by: record.length === 0 ? { op: 'unconfigure', key } : { op: 'configure', key, devices: [...record] },
      },
      owes: INITRAMFS_DEBTS,
    },
  ];
};

const isBound = ({ driver, override }: Target): boolean => driver === 'vfio-pci' && override === 'vfio-pci';

/** The driver of a graphics card may hang when the card is taken from it: that is left to the next boot. */
const mayBeTakenNow = ({ class: code, driver }: Target): boolean =>
  !code.startsWith('03') || driver === undefined || driver === 'vfio-pci';

/** The IOMMU is on, and says what goes together. */
type Grouped = Target & { readonly group: string };
const isGrouped = (target: Target): target is Grouped => target.group !== undefined;

const bind = (target: Grouped, record: readonly Taken[]): Action<VfioOp> => ({
  does: { op: 'bind', device: takenOf(target, record) },
  description: `bind ${describePci(target)} to vfio-pci now (IOMMU group ${target.group})`,
  risk: 'disruptive',
  changes: [
    ...(target.driver === 'vfio-pci'
      ? []
      : [{ path: `${target.address} driver`, from: target.driver ?? null, to: 'vfio-pci' }]),
    ...(target.override === 'vfio-pci'
      ? []
      : [{ path: `${target.address} driver_override`, from: target.override ?? null, to: 'vfio-pci' }]),
  ],
  undo: { by: { op: 'release', device: takenOf(target, record) } },
});

const awaiting = (brings: string, written: number): Finding<VfioOp> => ({
  awaits: 'reboot',
  brings,
  since: new Date(written).toISOString(),
});

const remarks = ({ leftover }: Actual): Finding<VfioOp>[] =>
  leftover.map((path) => ({
    remarks: `${path} binds devices at boot and is for none of the manifest; declare it with ensure: absent to give them back`,
  }));

const diffPresent = (want: Desired, actual: Actual): Finding<VfioOp>[] => {
  const refused = refuseBinding(want, actual);
  if (refused.length > 0) return refused;
  // Which devices go together is known only when the IOMMU is on: until then nothing is taken.
  const targets = actual.targets.filter(isGrouped);
  if (targets.length < actual.targets.length)
    return [awaiting(`the IOMMU is on, and ${keyOf(want)} can be bound`, actual.written)];
  const open = targets.filter((target) => !isBound(target));
  return [
    ...configure(want, actual),
    ...open.filter(mayBeTakenNow).map((target) => bind(target, actual.record)),
    ...open
      .filter((target) => !mayBeTakenNow(target))
      .map((target) => awaiting(`vfio-pci has ${describePci(target)}`, actual.written)),
    ...remarks(actual),
  ];
};

const release = (target: Target, record: readonly Taken[]): Action<VfioOp> => {
  const device = takenOf(target, record);
  return {
    does: { op: 'release', device },
    description: `give ${describePci(target)} back to ${device.driver ?? 'the driver that wants it'}`,
    risk: 'disruptive',
    changes: [
      { path: `${target.address} driver`, from: target.driver ?? null, to: device.driver ?? 'its own' },
    ],
    undo: { by: { op: 'bind', device } },
  };
};

const diffAbsent = (want: Desired, actual: Actual): Finding<VfioOp>[] => {
  const bound = actual.targets.filter(({ override }) => override === 'vfio-pci');
  const refused = refuseRelease({ ...actual, targets: bound });
  if (refused.length > 0) return refused;
  const key = keyOf(want);
  const files = Object.entries(actual.files);
  return [
    ...bound.map((target) => release(target, actual.record)),
    ...(files.length === 0
      ? []
      : [
          {
            does: { op: 'unconfigure' as const, key },
            description: `no longer have vfio-pci take ${key} at boot`,
            risk: 'safe' as const,
            changes: files.map(([path, { text }]) => ({ path, from: text, to: '', as: 'text' as const })),
            undo: { by: { op: 'configure' as const, key, devices: [...actual.record] } },
            owes: INITRAMFS_DEBTS,
          },
        ]),
    ...remarks(actual),
  ];
};

export const diff = (want: Desired, reading: Known<Actual>): Finding<VfioOp>[] => {
  if (reading.is === 'absent') return [];
  return want.ensure === 'present' ? diffPresent(want, reading.value) : diffAbsent(want, reading.value);
};
