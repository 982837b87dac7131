import { z } from 'zod';
import { memorySize } from '../../facts/binary-size.ts';

export const desired = z.strictObject({
  max: memorySize.meta({
    description: 'the largest size of the cache: bytes, 32GiB, or a part of the memory such as 10%',
  }),
  min: memorySize.optional().meta({
    description:
      'the size below which the cache does not shrink; left alone if left out, unless `max` has no effect above it',
  }),
});
export type Desired = z.output<typeof desired>;

const bytes = z.int().min(1);

export const ops = z.discriminatedUnion('op', [
  /** Writes the module's parameters in the running kernel. */
  z.strictObject({ op: z.literal('apply'), max: bytes.optional(), min: bytes.optional() }),
  /** Writes a file of modprobe.d(5). */
  z.strictObject({ op: z.literal('write'), name: z.string().regex(/^[^/\0]+\.conf$/), text: z.string() }),
  z.strictObject({ op: z.literal('remove'), name: z.string().regex(/^[^/\0]+\.conf$/) }),
]);
export type ArcOp = z.output<typeof ops>;

/** Limits in bytes. */
export interface Limits {
  readonly max: number;
  readonly min: number;
}

/** One assignment as the boot sees it. */
export interface Assigned {
  readonly value: string;
  /** The path of the file; or the kernel's command line. */
  readonly file: string;
}

export interface Actual {
  /** Of the host, in bytes. */
  readonly memory: number;
  /** What the cache goes by; undefined while the module is not loaded. */
  readonly live?: Limits;
  /** What the next load of the module gets. */
  readonly boot: { readonly max?: Assigned; readonly min?: Assigned };
  /** Files below /etc/modprobe.d that have such a line, and our own, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** The module may be loaded from the initramfs, with the copy of the options that is in there. */
  readonly inInitramfs: boolean;
}
