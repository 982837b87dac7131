import { z } from 'zod';
import type { CommandFact } from '../host/host.ts';

/** A signature of a filesystem, RAID member or partition table that libblkid knows. */
export interface Signature {
  /** Kernel name, such as vdb1. */
  readonly device: string;
  /** ext4, LVM2_member, zfs_member, gpt, PMBR… */
  readonly type: string;
  readonly label?: string;
}

const answer = z.object({
  signatures: z.array(z.object({ device: z.string(), type: z.string(), label: z.string().nullish() })),
});

/** One signature may be found many times (the labels of ZFS): it is named once. */
const once = (all: readonly Signature[]): Signature[] => {
  const seen = new Map(all.map((one) => [`${one.device} ${one.type} ${one.label ?? ''}`, one]));
  return [...seen.values()];
};

/**
 * What wipefs(8) sees on devices, without `-a`: it only reads. Undefined where it is not installed.
 * Nothing found prints nothing.
 */
export const signaturesOn = (paths: readonly string[]): CommandFact<readonly Signature[] | undefined> => ({
  name: `wipefs ${paths.join(' ')}`,
  command: { program: 'wipefs', args: ['-J', '--', ...paths] },
  absent: undefined,
  parse: (stdout) =>
    stdout.trim() === ''
      ? []
      : once(
          answer
            .parse(JSON.parse(stdout))
            .signatures.map(({ device, type, label }) => ({ device, type, ...(label ? { label } : {}) })),
        ),
});
