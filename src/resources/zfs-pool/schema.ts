import { z } from 'zod';

const disk = z
  .string()
  .regex(
    /^\/dev\/disk\/by-(id|path|partuuid|vdev)\/[A-Za-z0-9][A-Za-z0-9+:._=-]*$/,
    'expected a name that stays: /dev/disk/by-id/… (or by-path, by-partuuid, by-vdev); /dev/sdX may be another disk after the next boot',
  );
const disks = z.array(disk).min(1);
const DATA_TYPES = ['stripe', 'mirror', 'raidz1', 'raidz2', 'raidz3', 'draid1', 'draid2', 'draid3'] as const;

/** The least number of disks that each type works with (zpoolconcepts(7)). */
const LEAST: Readonly<Record<string, number>> = {
  stripe: 1,
  mirror: 2,
  raidz1: 2,
  raidz2: 3,
  raidz3: 4,
  draid1: 2,
  draid2: 3,
  draid3: 4,
};

const enough = z.refine<{ type: string; disks: readonly string[] }>(
  ({ type, disks: given }) => given.length >= (LEAST[type] ?? 1),
  {
    path: ['disks'],
    error: (issue) => {
      const { type } = issue.input as { type: string };
      return `expected at least ${String(LEAST[type] ?? 1)} disks for ${type}`;
    },
  },
);

const vdev = z
  .strictObject({
    type: z.enum(DATA_TYPES).meta({
      description: 'stripe (each disk by itself, no redundancy), mirror, raidz1 to 3, draid1 to 3',
    }),
    disks: disks.meta({ description: 'its disks, by names that stay, such as /dev/disk/by-id/…' }),
    data: z.int().min(1).optional().meta({ description: 'draid only: data disks in a redundancy group' }),
    spares: z.int().min(0).optional().meta({ description: 'draid only: distributed spares; 0 unless told' }),
  })
  .check(enough)
  .refine(({ type, data, spares }) => type.startsWith('draid') || (data ?? spares) === undefined, {
    path: ['type'],
    error: 'data and spares belong to draid; hot spares of the pool stand under its own `spares`',
  });

const sideVdev = z
  .strictObject({
    type: z.enum(['stripe', 'mirror']).default('mirror').meta({ description: 'stripe or mirror' }),
    disks: disks.meta({ description: 'its disks' }),
  })
  .check(enough);

/** zpoolprops(7): what may be set at any time. readonly and altroot are of an import, not of a pool. */
const PROPERTY =
  /^(autoexpand|autoreplace|autotrim|bootfs|cachefile|comment|compatibility|dedup_table_quota|delegation|failmode|listsnapshots|multihost|feature@[a-z0-9][a-z0-9_:.-]*)$/;
const value = z.union([z.boolean(), z.int(), z.string().regex(/^[^\0-\x1f\x7f]*$/, 'expected one line')]);

const name = z
  .string()
  .regex(
    /^(?!(?:mirror|raidz|draid|spare|log|cache|special|dedup)[0-9:]*$)(?!c[0-9])[A-Za-z][A-Za-z0-9_.:-]*$/,
    'expected the name of a pool: a letter first, then letters, digits, _ . : -; not mirror, raidz, draid, spare, log and the like',
  )
  .max(200);

interface Named {
  readonly vdevs?: readonly { readonly disks: readonly string[] }[] | undefined;
  readonly disks?: readonly string[] | undefined;
  readonly special: readonly { readonly disks: readonly string[] }[];
  readonly dedup: readonly { readonly disks: readonly string[] }[];
  readonly log: readonly { readonly disks: readonly string[] }[];
  readonly cache: readonly string[];
  readonly spares: readonly string[];
}

/** Every disk that the manifest names for a pool, in its order. */
export const disksOf = (want: Named): string[] => [
  ...[...(want.vdevs ?? []), ...want.special, ...want.dedup, ...want.log].flatMap((one) => one.disks),
  ...(want.disks ?? []),
  ...want.cache,
  ...want.spares,
];

const permit = z.strictObject({
  attach: z.boolean().default(false).meta({
    description:
      'disks that the manifest adds to a mirror (or to a single disk, which becomes one) are attached',
  }),
  add: z
    .array(z.enum(['log', 'cache', 'spares']))
    .default([])
    .meta({ description: 'which of log, cache and spares may be added to the pool' }),
  replace: z
    .array(
      z.strictObject({
        old: disk.meta({ description: 'the disk that goes' }),
        new: disk.meta({ description: 'the disk that takes its place in the manifest' }),
      }),
    )
    .default([])
    .meta({ description: 'disks that are replaced, each by its name' }),
});

export const desired = z
  .strictObject({
    name: name.meta({ description: 'the name of the pool' }),
    vdevs: z.array(vdev).min(1).optional().meta({
      description: 'the vdevs that hold the data; all of one type and width',
    }),
    layout: z.enum(DATA_TYPES).optional().meta({
      description: 'instead of vdevs: the type of the only vdev, whose disks stand under `disks`',
    }),
    disks: disks.optional().meta({ description: 'with layout: the disks' }),
    special: z.array(sideVdev).default([]).meta({
      description: 'for metadata and small blocks; lost with it is the pool, so it must be redundant',
    }),
    dedup: z.array(sideVdev).default([]).meta({ description: 'for deduplication tables; as special' }),
    log: z.array(sideVdev).default([]).meta({ description: 'for the intent log (SLOG)' }),
    cache: z.array(disk).default([]).meta({ description: 'for the second level of the cache (L2ARC)' }),
    spares: z.array(disk).default([]).meta({ description: 'hot spares' }),
    ashift: z.int().min(9).max(16).optional().meta({
      description:
        'the sector size of new vdevs as a power of two; 12 at creation unless told, compared only if told; of a vdev that exists it never changes',
    }),
    properties: z
      .record(
        z.string().regex(PROPERTY, 'expected a property of a pool that can be set: zpoolprops(7)'),
        value,
      )
      .default({})
      .meta({
        description:
          'properties of the pool: autotrim, autoexpand, comment, failmode, compatibility, feature@…',
      }),
    rootProperties: z
      .record(
        z.string().regex(/^[a-z][a-z0-9_:.-]*$/, 'expected a property of a dataset: zfsprops(7)'),
        value,
      )
      .default({})
      .meta({ description: 'properties of the root dataset, set when the pool is made (`zpool create -O`)' }),
    import: z.enum(['auto', 'never']).default('auto').meta({
      description:
        'whether a pool of this name with these disks is imported when it is found; it is never made anew',
    }),
    permit: permit.prefault({}).meta({
      description:
        'what may be changed about the layout of a pool that exists; anything else is only reported',
    }),
  })
  .refine(
    ({ vdevs, layout, disks: given }) =>
      (vdevs === undefined) === (layout !== undefined && given !== undefined),
    {
      path: ['vdevs'],
      error: 'expected either `vdevs`, or `layout` and `disks`',
    },
  )
  .refine(
    ({ layout, disks: given }) =>
      layout === undefined || given === undefined || given.length >= (LEAST[layout] ?? 1),
    {
      path: ['disks'],
      error: (issue) => {
        const { layout } = issue.input as { layout: string };
        return `expected at least ${String(LEAST[layout] ?? 1)} disks for ${layout}`;
      },
    },
  )
  .refine((want) => new Set(disksOf(want)).size === disksOf(want).length, {
    path: ['vdevs'],
    error: (issue) => {
      const all = disksOf(issue.input as Named);
      return `${all.find((one, index) => all.indexOf(one) !== index) ?? 'a disk'} is named twice`;
    },
  })
  .refine(
    ({ vdevs }) =>
      new Set(
        (vdevs ?? []).map((one) => (one.type === 'stripe' ? 'stripe' : `${one.type} of ${one.disks.length}`)),
      ).size < 2,
    { path: ['vdevs'], error: 'expected vdevs of one type, each with the same number of disks' },
  )
  .refine(
    ({ vdevs, layout, special, dedup }) =>
      [vdevs?.[0]?.type, layout].includes('stripe') ||
      [...special, ...dedup].every(({ type }) => type === 'mirror'),
    { path: ['special'], error: 'expected mirrors for special and dedup: when one is lost, so is the pool' },
  );

/** A disk as it was when the plan was made; it must still be the same when it is written to. */
const seenDisk = z.strictObject({
  path: z.string(),
  device: z.string(),
  size: z.int(),
  serial: z.string().nullable(),
  wwn: z.string().nullable(),
  sees: z.array(z.string()),
});
const newVdev = z.strictObject({ type: z.string(), disks: z.array(z.string()) });
const pool = z.string();
const properties = z.record(z.string(), z.string());

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('import'), pool, guid: z.string(), folders: z.array(z.string()) }),
  z.strictObject({ op: z.literal('wipe'), pool, disks: z.array(seenDisk) }),
  z.strictObject({
    op: z.literal('create'),
    pool,
    properties,
    rootProperties: properties,
    data: z.array(newVdev),
    special: z.array(newVdev),
    dedup: z.array(newVdev),
    log: z.array(newVdev),
    cache: z.array(z.string()),
    spares: z.array(z.string()),
  }),
  z.strictObject({ op: z.literal('set'), pool, property: z.string(), value: z.string() }),
  z.strictObject({ op: z.literal('attach'), pool, to: z.string(), disk: z.string() }),
  z.strictObject({ op: z.literal('replace'), pool, old: z.string(), new: z.string() }),
  z.strictObject({
    op: z.literal('add'),
    pool,
    as: z.enum(['log', 'cache', 'spare']),
    vdev: newVdev,
  }),
]);

export type Desired = z.output<typeof desired>;
export type PoolOp = z.output<typeof ops>;
export type SeenDisk = z.output<typeof seenDisk>;
export type NewVdev = z.output<typeof newVdev>;
