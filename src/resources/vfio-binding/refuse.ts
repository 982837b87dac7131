import type { Refusal } from '../../engine/action.ts';
import { describePci } from '../../facts/pci.ts';
import { keyOf, type Actual, type Desired, type Target } from './schema.ts';

const refusal = (refuses: string, path: string, from: unknown): Refusal => ({
  refuses,
  changes: [{ path, from, to: 'vfio-pci' }],
});

/** The address was taken down with what was there: cards that are added move the others. */
const isAnother = (want: Desired, { record }: Actual, target: Target): Refusal[] => {
  const known = want.expect ?? record.find(({ address }) => address === target.address)?.id;
  return known === undefined || known === target.id
    ? []
    : [
        refusal(
          `expected ${known} at ${target.address}, found ${describePci(target)}: cards were added or moved; declare where it is now`,
          `${target.address} id`,
          target.id,
        ),
      ];
};

const inUse = (target: Target): Refusal[] =>
  target.uses.map((use) =>
    refusal(
      `${describePci(target)} ${use}; not taken from the host`,
      `${target.address} driver`,
      target.driver ?? null,
    ),
  );

const shared = ({ group, others, ...target }: Target): Refusal[] =>
  others.length === 0
    ? []
    : [
        refusal(
          `IOMMU group ${group ?? ''} of ${target.address} also has ${others.map(describePci).join(', ')}: a guest gets a group whole or not at all; declare each of them, or move the card to another slot`,
          `group ${group ?? ''}`,
          others.map(({ address }) => address),
        ),
      ];

const missing = (want: Desired): Refusal =>
  refusal(`there is no PCI device ${keyOf(want)}; lspci -Dnn shows those that there are`, 'device', null);

const reasonOfNone = ({ told, forbidden }: Actual): string | undefined => {
  if (forbidden !== undefined)
    return `the kernel was told not to use the IOMMU; take ${forbidden} out of its command line, and reboot`;
  return told
    ? 'the kernel was told to use the IOMMU and found none; switch on VT-d or AMD-Vi in the settings of the firmware'
    : undefined;
};

const off = (actual: Actual): Refusal[] => {
  const reason = reasonOfNone(actual);
  return reason !== undefined && actual.targets.some(({ group }) => group === undefined)
    ? [refusal(reason, 'IOMMU', 'off')]
    : [];
};

export const refuseBinding = (want: Desired, actual: Actual): Refusal[] => {
  if (actual.targets.length === 0) return [missing(want)];
  const firm = actual.targets.flatMap((target) => [
    ...isAnother(want, actual, target),
    ...inUse(target),
    ...shared(target),
  ]);
  return [...firm, ...off(actual)];
};

export const refuseRelease = ({ targets }: Actual): Refusal[] =>
  targets.flatMap((target) =>
    target.uses.map((use) => ({
      refuses: `${describePci(target)} ${use}; stop the guest first`,
      changes: [{ path: `${target.address} driver`, from: 'vfio-pci', to: null }],
    })),
  );
