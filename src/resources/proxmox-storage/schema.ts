import { z } from 'zod';
import { absolutePath } from '../../facts/paths.ts';
import { storageId } from '../../facts/proxmox.ts';
import { secretRef } from '../../host/secret-ref.ts';
import { checkFields } from './check.ts';
import { CONTENT, TYPES } from './types.ts';

const plainPath = absolutePath.regex(
  /^\/[-/a-zA-Z0-9_.@]+$/,
  'expected a path of letters, digits and `-_.@/`: Proxmox VE takes no other',
);

/** Commas would make further mount options of what follows them. */
const word = (expected: string) =>
  z
    .string()
    .regex(/^[^\s,\-\0-\x1f\x7f][^\s,\0-\x1f\x7f]*$/, expected)
    .max(256);

const lvmName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]$/, 'expected the name of a volume group or thin pool');

const count = z.int().min(0).optional();

export const desired = z
  .strictObject({
    id: storageId.meta({ description: 'name of the storage, as guests refer to it' }),
    type: z
      .enum(TYPES)
      .optional()
      .meta({ description: 'kind of storage; never changed on one that exists. Required unless absent' }),
    content: z.array(z.enum(CONTENT)).min(1).optional().meta({
      description:
        'what may be stored; zfspool and lvmthin take images and rootdir only. Left alone if left out',
    }),
    nodes: z
      .array(z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/, 'expected the name of a node'))
      .optional()
      .meta({
        description: 'nodes of the cluster that have it; an empty list means all. Left alone if left out',
      }),
    disable: z.boolean().default(false).meta({ description: 'Proxmox VE does not use it' }),
    path: plainPath
      .optional()
      .meta({ description: 'directory (dir), or mount point (nfs, cifs; /mnt/pve/ID if left out)' }),
    isMountpoint: z.union([z.boolean(), plainPath]).default(true).meta({
      description:
        'dir: nothing is written unless this is mounted: the path (true), another path above it, or no matter (false)',
    }),
    shared: z.boolean().optional().meta({
      description: 'dir: only false; it would not share anything, but promise that all nodes see one content',
    }),
    pruneBackups: z
      .strictObject({
        keepAll: z.literal(true).optional(),
        keepLast: count,
        keepHourly: count,
        keepDaily: count,
        keepWeekly: count,
        keepMonthly: count,
        keepYearly: count,
      })
      .refine((kept) => Object.values(kept).some((one) => one !== undefined && one !== 0), {
        error: 'expected how many backups to keep; `keepAll: true` keeps all',
      })
      .refine((kept) => kept.keepAll === undefined || Object.values(kept).length === 1, {
        error: 'keepAll goes with no other number',
      })
      .optional()
      .meta({ description: 'dir, nfs, cifs: which backups are kept. Left alone if left out' }),
    pool: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_.:-]*(?:\/[A-Za-z0-9_.:-]+)*$/, 'expected a pool or dataset of ZFS')
      .optional()
      .meta({ description: 'zfspool: pool or dataset below which guests get theirs' }),
    blocksize: z
      .string()
      .regex(/^[1-9]\d{0,6}[kKmM]?$/, 'expected a block size such as 16k')
      .optional()
      .meta({ description: 'zfspool: block size of new volumes' }),
    sparse: z.boolean().optional().meta({ description: 'zfspool: new volumes reserve no space' }),
    server: z
      .string()
      .regex(/^[A-Za-z0-9:][A-Za-z0-9.:-]*$/, 'expected a host name or an address')
      .optional()
      .meta({ description: 'nfs, cifs: the server' }),
    export: absolutePath
      .regex(/^\/[^\s;()]*$/, 'expected a path without blanks')
      .optional()
      .meta({ description: 'nfs: the exported path' }),
    share: word('expected the name of a share').optional().meta({ description: 'cifs: the share' }),
    options: z
      .string()
      .regex(/^[^\s-]\S*$/, 'expected mount options without blanks')
      .optional()
      .meta({ description: 'nfs, cifs: mount options, such as vers=4.2' }),
    username: word('expected a user without blanks and commas')
      .optional()
      .meta({ description: 'cifs: user on the server; guest if left out' }),
    password: secretRef.optional().meta({ description: 'cifs: where the password of the user is' }),
    domain: word('expected a domain').optional().meta({ description: 'cifs: domain of the user' }),
    smbVersion: z
      .enum(['default', '2.0', '2.1', '3', '3.0', '3.11'])
      .optional()
      .meta({ description: 'cifs: version of the protocol' }),
    vgname: lvmName.optional().meta({ description: 'lvmthin: volume group' }),
    thinpool: lvmName.optional().meta({ description: 'lvmthin: thin pool in it' }),
    ensure: z
      .enum(['present', 'absent'])
      .default('present')
      .meta({ description: 'absent removes the definition; what is stored stays' }),
  })
  .superRefine((want, context) => {
    for (const { path, message } of checkFields(want))
      context.addIssue({ code: 'custom', path: [path], message });
  });
export type Desired = z.output<typeof desired>;

const id = z.string();
const properties = z.record(z.string(), z.string());

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('add'), id, type: z.enum(TYPES), properties }),
  /** `mounted`: a path that must be a mount point by then. */
  z.strictObject({
    op: z.literal('set'),
    id,
    properties,
    unset: z.array(z.string()),
    mounted: z.string().optional(),
  }),
  z.strictObject({ op: z.literal('set-password'), id, password: secretRef }),
  z.strictObject({ op: z.literal('remove'), id }),
]);
export type StorageOp = z.output<typeof ops>;
