import { z } from 'zod';
import { SHIPPED } from './shipped.ts';

/** Names that the parser skips when it loads the folder at boot (apparmor.d(5)), and folders that lie there. */
const SKIPPED = /\.(?:dpkg-(?:new|old|dist|bak|remove)|rpmnew|rpmsave|rpmorig|orig|rej|pacsave|pacnew)$/;
const FOLDERS = new Set([
  'abi',
  'abstractions',
  'apache2.d',
  'disable',
  'force-complain',
  'local',
  'lxc',
  'rpm',
  'tunables',
]);

const fileName = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/,
    'expected the name of a file in /etc/apparmor.d, such as lxc-nesting',
  )
  .refine((name) => !SKIPPED.test(name), 'expected a name that is loaded at boot: this ending is skipped')
  .refine((name) => !FOLDERS.has(name), 'expected the name of a file: this is a folder of /etc/apparmor.d');

const MODES = ['enforce', 'complain', 'disabled'] as const;

export const desired = z
  .strictObject({
    name: fileName.meta({
      description: 'the file in /etc/apparmor.d; the profiles in it have names of their own',
    }),
    content: z.string().min(1).optional().meta({
      description: 'the whole file, as text; without one it is somebody else’s: only its mode counts',
    }),
    source: z
      .string()
      .regex(/^[^/\0-\x1f\x7f][^\0-\x1f\x7f]*$/, 'expected a path relative to the manifest')
      .optional()
      .meta({ description: 'a text file whose content it gets, relative to the manifest' }),
    shipped: z.enum(SHIPPED).optional().meta({ description: 'a file that comes with phoenix, by its name' }),
    mode: z.enum(MODES).default('enforce').meta({
      description:
        'enforce denies what the profile does not allow (unless its own flags say otherwise), complain only logs it, disabled keeps the file and loads nothing',
    }),
    ensure: z.enum(['present', 'absent']).default('present').meta({
      description: 'absent unloads what the file has and removes it, if phoenix wrote it',
    }),
  })
  .refine((one) => [one.content, one.source, one.shipped].filter((text) => text !== undefined).length <= 1, {
    error: 'expected only one of `content`, `source` and `shipped`',
  });

const name = { name: fileName };

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('write'), ...name, content: z.string() }),
  z.strictObject({ op: z.literal('mode'), ...name, mode: z.enum(MODES) }),
  z.strictObject({ op: z.literal('load'), ...name }),
  /** By the names in the kernel. */
  z.strictObject({
    op: z.literal('unload'),
    profiles: z.array(z.string().regex(/^[^\0\n]+$/)),
    /** Not where a process runs under one of them, which would be unconfined. */
    unlessUsed: z.literal(true).optional(),
  }),
  z.strictObject({ op: z.literal('remove'), ...name }),
  z.strictObject({
    op: z.literal('restore'),
    ...name,
    sha256: z.string(),
    mode: z.int(),
    uid: z.int(),
    gid: z.int(),
  }),
]);

export type Desired = z.output<typeof desired>;
export type ProfileOp = z.output<typeof ops>;
export type Mode = Desired['mode'];
