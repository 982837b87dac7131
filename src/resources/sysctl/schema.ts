import { z } from 'zod';
import { isKey } from './key.ts';

export const desired = z
  .strictObject({
    key: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9_./:@+-]*$/, 'expected a sysctl key, without patterns')
      .max(180)
      .refine(
        isKey,
        'expected at least two names, such as vm.swappiness, none of them empty or with a dot in front',
      )
      .meta({
        description:
          'name as in sysctl.d(5), such as vm.swappiness; a dot inside a name is written as a slash: net.ipv4.conf.eth0/1.rp_filter',
      }),
    value: z
      .union([
        z.int(),
        z
          .string()
          .regex(
            /^[^\0-\x08\x0a-\x1f\x7f]*[^\0-\x20\x7f][^\0-\x08\x0a-\x1f\x7f]*$/,
            'expected one line that is not empty',
          ),
      ])
      .optional()
      .meta({ description: 'the value; a list of numbers as one string. Required unless absent' }),
    ensure: z.enum(['present', 'absent']).default('present').meta({
      description: 'absent removes the file that sets it at boot; the running kernel keeps its value',
    }),
  })
  .refine((want) => want.ensure === 'absent' || want.value !== undefined, {
    error: 'expected a `value`',
    path: ['value'],
  });

const key = z.string();
const value = z.string();

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('apply'), key, value }),
  z.strictObject({ op: z.literal('persist'), key, value }),
  z.strictObject({ op: z.literal('remove'), key }),
]);

export type Desired = z.output<typeof desired>;
export type SysctlOp = z.output<typeof ops>;

export interface Actual {
  /** In the running kernel; undefined if it has no such setting. */
  readonly live?: string;
  /** The content of our own file. */
  readonly dropIn?: string;
  /** What the boot reads after our file, and so in its stead. Without a value: it is excluded (`-key`). */
  readonly override?: { readonly file: string; readonly value?: string };
}
