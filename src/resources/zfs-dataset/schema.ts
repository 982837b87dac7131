import { z } from 'zod';
import { datasetName, isPool } from '../../facts/zfs-names.ts';
import { declaredTwice, inheritSchema, propertiesSchema, type Declared } from '../../facts/zfs-schema.ts';
import { setOp } from '../../facts/zfs-settings.ts';
import { secretRef } from '../../host/secret-ref.ts';

const isEncrypted = ({ encryption }: Declared): boolean =>
  encryption !== undefined && encryption !== 'off' && encryption !== false;

const KEY_IN_TEXT: ReadonlySet<unknown> = new Set(['hex', 'passphrase']);

const isMountable = ({ canmount, mountpoint }: Declared): boolean =>
  canmount !== 'off' && canmount !== false && mountpoint !== 'none' && mountpoint !== 'legacy';

export const desired = z
  .strictObject({
    name: datasetName.meta({
      description:
        'pool, or pool/name/name; the name of a pool alone is its root dataset, which the pool makes',
    }),
    properties: propertiesSchema('filesystem').default({}).meta({
      description:
        'properties as in zfsprops(7), user properties too (`org.example:note`); what is not declared is left alone',
    }),
    inherit: inheritSchema('filesystem').default([]).meta({
      description: 'properties that must not be set here; of user properties: that must not be there',
    }),
    mounted: z.boolean().optional().meta({
      description:
        'whether it is mounted now; yes if left out, unless canmount is off or noauto, or mountpoint none or legacy',
    }),
    key: secretRef.optional().meta({
      description:
        'where the encryption key is, as hex or as a passphrase; it is given to zfs on standard input, and loaded whenever it is not. For a raw key declare keylocation instead',
    }),
    parents: z
      .boolean()
      .default(false)
      .meta({ description: 'on creation also make missing datasets above it, with inherited properties' }),
    ensure: z.enum(['present', 'absent']).default('present').meta({
      description: 'absent destroys it with all of its files; never with snapshots or datasets below it',
    }),
  })
  .refine((want) => !declaredTwice(want), {
    path: ['inherit'],
    error: 'a property is either set under `properties` or inherited, not both',
  })
  .refine(({ name, ensure }) => ensure === 'present' || !isPool(name), {
    path: ['ensure'],
    error: 'the root dataset goes only with its pool',
  })
  .refine(({ mounted, properties }) => mounted !== true || isMountable(properties), {
    path: ['mounted'],
    error: 'it cannot be mounted with canmount off, or mountpoint none or legacy',
  })
  .refine(
    ({ key, properties }) =>
      key === undefined || (isEncrypted(properties) && KEY_IN_TEXT.has(properties['keyformat'])),
    {
      path: ['key'],
      error: 'a key needs `encryption`, and `keyformat` hex or passphrase, under `properties`',
    },
  )
  .refine(
    ({ key, properties }) => key === undefined || (properties['keylocation'] ?? 'prompt') === 'prompt',
    {
      path: ['key'],
      error: 'the key comes either from `key` or from keylocation, not both',
    },
  )
  .refine(
    ({ key, properties }) =>
      properties['keyformat'] === undefined || key !== undefined || properties['keylocation'] !== undefined,
    { path: ['properties', 'keyformat'], error: 'expected a `key`, or a keylocation where zfs finds it' },
  );

const name = z.string();

export const ops = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('create'),
    name,
    properties: z.record(z.string(), z.string()),
    parents: z.boolean(),
    mount: z.boolean(),
    key: secretRef.optional(),
  }),
  /** Of a root dataset: its pool makes it. */
  z.strictObject({ op: z.literal('await-pool'), name }),
  setOp,
  /** Without a key: zfs finds it by the keylocation. */
  z.strictObject({ op: z.literal('load-key'), name, key: secretRef.optional() }),
  z.strictObject({ op: z.literal('unload-key'), name }),
  z.strictObject({ op: z.literal('mount'), name }),
  z.strictObject({ op: z.literal('unmount'), name }),
  z.strictObject({ op: z.literal('destroy'), name }),
]);

export type Desired = z.output<typeof desired>;
export type DatasetOp = z.output<typeof ops>;
