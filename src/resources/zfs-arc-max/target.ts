/** From the manifest to bytes, and which of them the host still lacks. */
import { bytesOf, isShare, type MemorySize } from '../../facts/binary-size.ts';
import { numberOf } from './modprobe.ts';
import type { Actual, Desired } from './schema.ts';

const MEBIBYTE = 2 ** 20;

/** What the module takes, and ignores otherwise (module/zfs/arc.c of OpenZFS 2.1 to 2.3). */
export const LEAST = { max: 64 * MEBIBYTE, min: 32 * MEBIBYTE } as const;

/** A share of the memory moves a little with every kernel: what is within a hundredth of it is right. */
const isRight = (size: MemorySize, wanted: number, found: number | undefined): boolean =>
  found !== undefined && Math.abs(found - wanted) <= (isShare(size) ? wanted / 100 : 0);

/** c_min when nobody sets it: a 32nd of the memory, and at least 32 MiB (zfs(4)). */
const defaultMin = (memory: number): number => Math.max(Math.floor(memory / 32), LEAST.min);

/** Limits in bytes that are to be set; undefined where the host has them. */
export interface Missing {
  readonly max?: number;
  readonly min?: number;
}

const missing = (
  want: Desired,
  memory: number,
  found: { readonly max: number | undefined; readonly min: number | undefined },
  min: number,
): Missing => {
  const max = bytesOf(want.max, memory);
  const wanted = want.min === undefined ? undefined : bytesOf(want.min, memory);
  const needed =
    wanted === undefined
      ? // a maximum that is not above the minimum is ignored
        min >= max && Math.max(Math.floor(max / 2), LEAST.min)
      : !isRight(want.min ?? 0, wanted, found.min) && wanted;
  return {
    ...(isRight(want.max, max, found.max) ? {} : { max }),
    ...(needed === false ? {} : { min: needed }),
  };
};

/** What the running kernel lacks; nothing while the module is not loaded. */
export const missingLive = (want: Desired, { memory, live }: Actual): Missing =>
  live === undefined ? {} : missing(want, memory, live, live.min);

/** What the next load of the module lacks. */
export const missingAtBoot = (want: Desired, { memory, boot }: Actual): Missing => {
  const found = { max: numberOf(boot.max?.value ?? ''), min: numberOf(boot.min?.value ?? '') };
  // 0 stands for the default
  return missing(want, memory, found, found.min || defaultMin(memory));
};
