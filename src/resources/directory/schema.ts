import { z } from 'zod';
import { accountName, fileMode, ordinaryPath } from '../../facts/ownership.ts';
import { absolutePath } from '../../facts/paths.ts';

const NAME = '([a-z_][a-z0-9_-]{0,31}|[0-9]{1,10})';
const PERMISSIONS = '[r-][w-][x-]';

const namedEntry = new RegExp(`^((user|group):${NAME}|mask:):${PERMISSIONS}$`);
const anyEntry = new RegExp(`^((user|group):${NAME}?|mask:|other:):${PERMISSIONS}$`);

const entries = (grammar: RegExp, expected: string) =>
  z
    .array(z.string().regex(grammar, expected))
    .refine((list) => new Set(list.map((entry) => entry.slice(0, -4))).size === list.length, {
      error: 'expected one entry for each user and group',
    });

const isAtOrAbove = (above: string, path: string): boolean => path === above || path.startsWith(`${above}/`);

export const desired = z
  .strictObject({
    path: ordinaryPath
      .refine((path) => path !== '/', 'expected a directory below /')
      .meta({ description: 'where the directory is; the one above it must exist' }),
    owner: accountName.default('root').meta({ description: 'owner' }),
    group: accountName.default('root').meta({ description: 'group' }),
    mode: fileMode.default('0755').meta({
      description: 'permissions, octal; with `acl`, its group digit is the entry of the owning group',
    }),
    acl: entries(namedEntry, 'expected an entry such as `user:alice:rwx`, `group:media:r-x` or `mask::r-x`')
      .optional()
      .meta({
        description:
          'entries besides owner, group and others, as setfacl(1) has them; an empty list removes them; the mask is ' +
          'what all need unless it is given; left alone if not declared',
      }),
    defaultAcl: entries(anyEntry, 'expected an entry such as `user:alice:rwx` or `other::---`')
      .optional()
      .meta({
        description:
          'what new files in it inherit; owner, group and others as in `mode` unless given; an empty list removes it; ' +
          'left alone if not declared',
      }),
    requireMountpoint: absolutePath.optional().meta({
      description:
        'the directory itself or one above it, where a filesystem must be mounted; nothing is made below an empty mount point',
    }),
    removeContent: z
      .boolean()
      .default(false)
      .meta({ description: 'with `ensure: absent`: also remove what is in it, for good' }),
    ensure: z
      .enum(['present', 'absent'])
      .default('present')
      .meta({ description: 'absent removes the directory; one with content only with `removeContent`' }),
  })
  .refine(({ path, requireMountpoint: above }) => above === undefined || isAtOrAbove(above, path), {
    path: ['requireMountpoint'],
    error: 'expected the directory itself or one above it',
  })
  .refine(({ path, removeContent }) => !removeContent || path.split('/').length > 2, {
    path: ['removeContent'],
    error: 'the content of a directory at the top of the filesystem is never removed',
  });

const owned = { owner: z.string(), group: z.string(), mode: fileMode };

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('create'), path: z.string(), ...owned }),
  z.strictObject({ op: z.literal('set-meta'), path: z.string(), ...owned }),
  z.strictObject({
    op: z.literal('set-acl'),
    path: z.string(),
    access: z.array(z.string().regex(anyEntry)),
    /** Not there: the default entries stay. */
    inherited: z.array(z.string().regex(anyEntry)).optional(),
  }),
  z.strictObject({ op: z.literal('remove'), path: z.string(), content: z.boolean() }),
]);

export type Desired = z.output<typeof desired>;
export type DirectoryOp = z.output<typeof ops>;

export const hasAcl = (want: Desired): boolean =>
  want.ensure === 'present' && (want.acl !== undefined || want.defaultAcl !== undefined);
