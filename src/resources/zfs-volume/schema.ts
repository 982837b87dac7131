import { z } from 'zod';
import { datasetName, isPool } from '../../facts/zfs-names.ts';
import { declaredTwice, inheritSchema, propertiesSchema } from '../../facts/zfs-schema.ts';
import { setOp } from '../../facts/zfs-settings.ts';
import { parseSize } from '../../facts/zfs-sizes.ts';

const SIZE = 'expected a size such as 32G, in powers of 1024';
const size = z
  .union([z.string(), z.int()], { error: SIZE })
  .refine((written) => (parseSize(String(written)) ?? 0n) > 0n, { error: SIZE });

const isPowerOf2 = (bytes: bigint): boolean => (bytes & (bytes - 1n)) === 0n;
const isBlock = (bytes: bigint): boolean => bytes >= 512n && bytes <= 128n * 1024n && isPowerOf2(bytes);
const BLOCK = 'expected a power of 2 from 512 to 128K';

/** Not among the properties: fields of their own, and what only an encrypted dataset above decides. */
const ELSEWHERE = ['volblocksize', 'encryption', 'keyformat', 'keylocation', 'pbkdf2iters'];

export const desired = z
  .strictObject({
    name: datasetName
      .refine((name) => !isPool(name), 'expected the name of a volume below a pool, such as tank/vol')
      .meta({ description: 'pool/name; its device is /dev/zvol/pool/name' }),
    size: size.optional().meta({
      description:
        'how large it is; rounded up to whole blocks. It may grow and never shrinks. Required unless absent',
    }),
    sparse: z.boolean().optional().meta({
      description:
        'whether no space is kept free for it; not compared unless declared. A new one is not sparse',
    }),
    volblocksize: z
      .union([z.string(), z.int()], { error: BLOCK })
      .refine((written) => isBlock(parseSize(String(written)) ?? 0n), { error: BLOCK })
      .optional()
      .meta({ description: 'block size, such as 16K; only at creation' }),
    properties: propertiesSchema('volume', ELSEWHERE).default({}).meta({
      description:
        'properties as in zfsprops(7), user properties too (`org.example:note`); what is not declared is left alone',
    }),
    inherit: inheritSchema('volume').default([]).meta({
      description: 'properties that must not be set here; of user properties: that must not be there',
    }),
    parents: z
      .boolean()
      .default(false)
      .meta({ description: 'on creation also make missing datasets above it' }),
    ensure: z.enum(['present', 'absent']).default('present').meta({
      description: 'absent destroys it with its data; never while it is in use, and never with snapshots',
    }),
  })
  .refine(({ ensure, size: wanted }) => ensure === 'absent' || wanted !== undefined, {
    path: ['size'],
    error: 'expected a `size`',
  })
  .refine((want) => !declaredTwice(want), {
    path: ['inherit'],
    error: 'a property is either set under `properties` or inherited, not both',
  });

const name = z.string();
/** Bytes, in decimal digits: there may be more of them than a double holds. */
const bytes = z.string().regex(/^\d+$/);

export const ops = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('create'),
    name,
    size: bytes,
    sparse: z.boolean(),
    properties: z.record(z.string(), z.string()),
    parents: z.boolean(),
  }),
  z.strictObject({ op: z.literal('grow'), name, size: bytes }),
  setOp,
  z.strictObject({ op: z.literal('destroy'), name }),
]);

export type Desired = z.output<typeof desired>;
export type VolumeOp = z.output<typeof ops>;
