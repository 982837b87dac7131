import { z } from 'zod';
import { GENERATORS, type BootLoader } from '../../facts/boot-loader.ts';

export const desired = z.strictObject({
  parameter: z
    .string()
    .regex(
      /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:=[^\s"'`$\\\0-\x1f\x7f]+)?$/,
      'expected one parameter, such as iommu=pt, without blanks and quotes',
    )
    .max(512)
    .refine(
      (word) => !/^(?:root|init|initrd|BOOT_IMAGE)(?:=|$)/.test(word),
      'expected a parameter other than root, init and initrd, on which it depends whether the host boots',
    )
    .meta({ description: 'one parameter of the kernel, such as iommu=pt' }),
  cpu: z
    .enum(['any', 'intel', 'amd'])
    .default('any')
    .meta({ description: 'only where the processor is of this make; elsewhere nothing is done' }),
  ensure: z.enum(['present', 'absent']).default('present').meta({
    description: 'absent takes the parameter away, whatever its value, where phoenix may write',
  }),
});
export type Desired = z.output<typeof desired>;

export const ops = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('set'),
    key: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/),
    /** The whole drop-in of GRUB; null removes it; left out where it is right. */
    dropIn: z.string().nullable().optional(),
    /** The word on the one line of /etc/kernel/cmdline; null takes it off; left out where it is right. */
    word: z.string().nullable().optional(),
    by: z.array(z.enum(GENERATORS)),
  }),
]);
export type CmdlineOp = z.output<typeof ops>;

export interface Actual {
  readonly cpu: 'intel' | 'amd' | 'other';
  readonly loader?: BootLoader;
  /** Words of the parameter in /proc/cmdline. */
  readonly live: readonly string[];
  /** Our own drop-in of GRUB. */
  readonly dropIn?: string;
  /** Files of GRUB that are not ours and name the parameter. */
  readonly elsewhere: readonly string[];
  /** Words of the parameter in /etc/kernel/cmdline; undefined if there is no such file. */
  readonly kernelCmdline?: readonly string[];
  readonly hasRoot: boolean;
  /** Words of the parameter in each entry that the boot loader offers, but for recovery; undefined if they cannot be seen. */
  readonly entries?: readonly (readonly string[])[];
  /** The IOMMU works now. */
  readonly iommu: boolean;
  /** When it was last written, in milliseconds since 1970. */
  readonly written: number;
}
