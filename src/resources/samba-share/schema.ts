import { z } from 'zod';
import { lines, optionsBeside, text } from '../../facts/samba/fields.ts';
import { absolutePath } from '../../facts/paths.ts';

const RESERVED: ReadonlySet<string> = new Set(['global', 'homes', 'printers', 'print$', 'ipc$', 'admin$']);

const shareName = z
  .string()
  .max(80)
  .regex(
    /^(?![-\s])(?!.*\s$)(?!.*\s\s)[^\0-\x1f\x7f%/\\[\]:|<>+=;,*?"]+$/,
    'expected a name without control characters, `%` and any of / \\ [ ] : | < > + = ; , * ? ", that does not begin with `-` or a blank',
  )
  .refine((name) => !RESERVED.has(name.toLowerCase()), {
    error: 'this name has a meaning of its own for Samba; such a section belongs in smb.conf',
  });

const path = absolutePath
  .refine((value) => !value.includes('%'), 'expected a path without `%`, which Samba takes for a variable')
  .refine((value) => !value.endsWith('"'), 'expected no `"` at the end of the path: Samba takes it away')
  .refine((value) => value === value.trim() && !/\s\s|[^\S ]/.test(value) && !value.endsWith('\\'), {
    error:
      'expected a path without doubled blanks and no blank or backslash at its end: smb.conf cannot hold it',
  });

/** `@` and `+` are Unix groups, `&` is a NIS group (smb.conf(5), "invalid users"). */
const account = z
  .string()
  .regex(
    /^[@+&]{0,2}[^\s\0-\x1f\x7f"'%@+&=,;-][^\s\0-\x1f\x7f"',;]*(?: [^\s\0-\x1f\x7f"',;]+)*$/,
    'expected a user, or a group as `@staff`',
  );

const accounts = (description: string) => z.array(account).optional().meta({ description });

const name = (expected: string) => z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.@\\-]*\$?$/, expected);

const mask = (description: string) =>
  z
    .string()
    .regex(/^0?[0-7]{3,4}$/, "expected an octal mode in quotes, such as '0660'")
    .optional()
    .meta({ description });

const hosts = (description: string) =>
  z
    .array(
      z
        .string()
        .regex(/^[A-Za-z0-9@:.][A-Za-z0-9@:._/-]*$/, 'expected a host, an address, a network or `EXCEPT`'),
    )
    .optional()
    .meta({ description });

const previousVersions = z.strictObject({
  format: z
    .string()
    .regex(/^[^\s\0-\x1f\x7f\\]+$/, 'expected the name of a snapshot with the conversions of strftime(3)')
    .meta({ description: 'how snapshots are named: `autosnap_%Y-%m-%d_%H:%M:%S_daily`' }),
  localTime: z.boolean().default(false).meta({ description: 'their names are in local time, not in UTC' }),
});

/** What `parametersOf` may set, and `previousVersions`. */
const FIELDS = [
  'path',
  'comment',
  'read only',
  'browseable',
  'guest ok',
  'valid users',
  'invalid users',
  'read list',
  'write list',
  'hosts allow',
  'hosts deny',
  'create mask',
  'directory mask',
  'force user',
  'force group',
  'vfs objects',
];

export const desired = z
  .strictObject({
    name: shareName.meta({ description: 'name of the share; its case means nothing' }),
    path: path
      .optional()
      .meta({ description: 'the directory that is shared; it must be there. Required unless absent' }),
    dataset: z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9_.: -]*(?:\/[A-Za-z0-9_.: -]+)*$/,
        'expected a ZFS dataset, such as `tank/media`',
      )
      .optional()
      .meta({
        description: 'the ZFS dataset that must be mounted where the directory is, or nothing is shared',
      }),
    comment: text.optional().meta({ description: 'what clients see beside the name' }),
    readOnly: z
      .boolean()
      .default(true)
      .meta({ description: 'whether nobody may write, but for `writeList`' }),
    browseable: z.boolean().default(true).meta({ description: 'whether it is shown in the list of shares' }),
    guestOk: z.boolean().default(false).meta({ description: 'whether it is open without a password' }),
    validUsers: accounts(
      'who may connect: users, and groups as `@staff`; everybody with a password if left out',
    ),
    invalidUsers: accounts('who may not connect, whatever else is said'),
    readList: accounts('who may only read, also where others may write'),
    writeList: accounts('who may write, also where `readOnly` is set'),
    hostsAllow: hosts('from where clients may connect'),
    hostsDeny: hosts('from where they may not'),
    listsMode: z.enum(['exact', 'added']).default('exact').meta({
      description:
        'exact: the lists of users are as declared; added: others that were put on them by hand stay',
    }),
    createMask: mask('the permissions that a new file may have at most'),
    directoryMask: mask('the permissions that a new directory may have at most'),
    forceUser: name('expected a user').optional().meta({ description: 'on whose behalf all files are used' }),
    forceGroup: z
      .string()
      .regex(/^\+?[A-Za-z0-9_][A-Za-z0-9_.-]*\$?$/, 'expected a group, or `+GROUP`')
      .optional()
      .meta({ description: 'the primary group of all who connect; with `+` only of its members' }),
    vfsObjects: z
      .array(z.string().regex(/^[a-z0-9_]+$/, 'expected the name of a VFS module, such as `acl_xattr`'))
      .default([])
      .meta({ description: 'VFS modules in their order' }),
    previousVersions: z.union([z.boolean(), previousVersions]).default(false).meta({
      description:
        'show ZFS snapshots as previous versions; true: those named `@GMT-%Y.%m.%d-%H.%M.%S`, or say how they are named',
    }),
    options: optionsBeside(FIELDS),
    ensure: z.enum(['present', 'absent']).default('present').meta({
      description: 'absent removes the share, not the directory; who uses it is disconnected',
    }),
  })
  .refine((want) => want.ensure === 'absent' || want.path !== undefined, {
    path: ['path'],
    error: 'expected the path of a directory; `ensure: absent` removes the share',
  });
export type Desired = z.output<typeof desired>;

export const ops = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('write'),
    name: z.string(),
    lines,
    /** What must be there first. Not for undo: it puts back what was. */
    needs: z
      .strictObject({ path: z.string(), dataset: z.string().optional(), modules: z.array(z.string()) })
      .optional(),
  }),
  z.strictObject({ op: z.literal('remove'), name: z.string() }),
]);
export type ShareOp = z.output<typeof ops>;
