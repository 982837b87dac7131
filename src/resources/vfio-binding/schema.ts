import { z } from 'zod';
import type { PciDevice } from '../../facts/pci.ts';

const address = z
  .string()
  .regex(
    /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}(?:\.[0-7])?$/,
    'expected a PCI address in small letters: 0000:01:00.0, or 0000:01:00 for all functions of it',
  );
const id = z
  .string()
  .regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/, 'expected vendor and device in small letters, such as 10de:1e84');

export const desired = z
  .strictObject({
    address: address.optional().meta({
      description: 'PCI address as lspci -D shows it: 0000:01:00.0; 0000:01:00 means all functions of it',
    }),
    id: id.optional().meta({
      description: 'instead of an address: vendor and device, which means every device of that kind there is',
    }),
    expect: id.optional().meta({
      description:
        'vendor and device that must be at the address; left out, it is noted when the device is first bound',
    }),
    ensure: z
      .enum(['present', 'absent'])
      .default('present')
      .meta({ description: 'absent gives the device back to the driver that it had' }),
  })
  .refine(
    (want) => (want.address === undefined) !== (want.id === undefined),
    'expected an `address` or an `id`, and not both',
  );
export type Desired = z.output<typeof desired>;

export const keyOf = ({ address: at, id: kind }: Pick<Desired, 'address' | 'id'>): string => at ?? kind ?? '';

/** One device as it was when it was first taken. */
const taken = z.strictObject({
  address: z.string().regex(/^[0-9a-f:]+\.[0-7]$/),
  id,
  driver: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_-]*$/)
    .optional(),
});
export type Taken = z.output<typeof taken>;

const key = z.string().regex(/^[0-9a-f:.]+$/);

export const ops = z.discriminatedUnion('op', [
  /** Writes what binds the devices at boot. */
  z.strictObject({ op: z.literal('configure'), key, devices: z.array(taken) }),
  z.strictObject({ op: z.literal('unconfigure'), key }),
  z.strictObject({ op: z.literal('bind'), device: taken }),
  z.strictObject({ op: z.literal('release'), device: taken }),
]);
export type VfioOp = z.output<typeof ops>;

export interface Target extends PciDevice {
  /** Why it must stay where it is; looked for only where it would be taken from somebody. */
  readonly uses: readonly string[];
  /** Others in its IOMMU group that are neither declared nor bound to vfio-pci. */
  readonly others: readonly PciDevice[];
}

export interface Actual {
  readonly targets: readonly Target[];
  /** As it was noted when the devices were first taken. */
  readonly record: readonly Taken[];
  /** Files as they are, by path; those that are missing are left out. */
  readonly files: Readonly<Record<string, { readonly text: string; readonly mode: string }>>;
  /** The kernel was told to use the IOMMU. */
  readonly told: boolean;
  /** The word of the command line that told it not to, whatever else is said. */
  readonly forbidden?: string;
  /** When the command line of the next boot was written, in milliseconds since 1970. */
  readonly written: number;
  /** Files of ours that bind devices at boot, and that no resource of the manifest is for. */
  readonly leftover: readonly string[];
}
