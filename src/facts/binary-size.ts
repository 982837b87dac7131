/** Amounts of memory as the manifest writes them: bytes, `32GiB`, or a part of the host's memory. */
import { z } from 'zod';

const UNITS: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

const SIZE = /^([1-9]\d{0,5})(KiB|MiB|GiB|TiB)$/;
const PERCENT = /^([1-9]\d?)%$/;

export const memorySize = z.union([
  z.int().min(1),
  z
    .string()
    .regex(
      /^(?:[1-9]\d{0,5}(?:KiB|MiB|GiB|TiB)|[1-9]\d?%)$/,
      'expected a number of bytes, a size such as 512MiB or 32GiB, or a part of the memory such as 10%',
    ),
]);
export type MemorySize = z.output<typeof memorySize>;

export const isShare = (size: MemorySize): boolean => typeof size === 'string' && PERCENT.test(size);

/** In bytes. A share of the memory is rounded down to whole mebibytes. */
export const bytesOf = (size: MemorySize, memory: number): number => {
  if (typeof size === 'number') return size;
  const [, share] = PERCENT.exec(size) ?? [];
  if (share !== undefined) return Math.floor((memory * Number(share)) / 100 / 2 ** 20) * 2 ** 20;
  const [, count, unit] = SIZE.exec(size) ?? [];
  const factor = UNITS[unit ?? ''];
  if (count === undefined || factor === undefined) throw new Error(`${size}: expected a size such as 32GiB`);
  return Number(count) * factor;
};

/** For people: the largest unit that leaves no rest, or with one decimal. */
export const showBytes = (bytes: number): string => {
  const [name, factor] = Object.entries(UNITS).findLast(([, unit]) => bytes >= unit) ?? ['bytes', 1];
  const count = bytes / factor;
  return `${Number.isInteger(count) ? count : count.toFixed(1)} ${name}`;
};
