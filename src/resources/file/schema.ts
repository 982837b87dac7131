import { z } from 'zod';
import { accountName, fileMode, ordinaryPath } from '../../facts/ownership.ts';
import { secretRef } from '../../host/secret-ref.ts';

type Fields = Partial<Record<'content' | 'source' | 'secret' | 'owner' | 'group' | 'mode', unknown>>;

const given = (fields: Fields, names: readonly (keyof Fields)[]): number =>
  names.filter((name) => fields[name] !== undefined).length;

export const desired = z
  .strictObject({
    path: ordinaryPath.meta({ description: 'where the file is; its directory must exist' }),
    content: z.string().optional().meta({ description: 'the whole content, as text (UTF-8)' }),
    source: z
      .string()
      .regex(/^[^/\0-\x1f\x7f][^\0-\x1f\x7f]*$/, 'expected a path relative to the manifest')
      .optional()
      .meta({ description: 'a text file whose content it gets, relative to the manifest' }),
    secret: secretRef
      .optional()
      .meta({ description: 'a secret that it gets as its content, by reference; it is never shown' }),
    owner: accountName
      .optional()
      .meta({ description: 'owner; root unless told (with neither content, source nor secret: left alone)' }),
    group: accountName
      .optional()
      .meta({ description: 'group; root unless told (with neither content, source nor secret: left alone)' }),
    mode: fileMode.optional().meta({
      description:
        "permissions, octal; '0644' unless told, '0600' for a secret (with neither content, source nor secret: left alone)",
    }),
    ensure: z
      .enum(['present', 'absent'])
      .default('present')
      .meta({ description: 'absent removes the file; its content is kept in the backup' }),
  })
  .refine((file) => given(file, ['content', 'source', 'secret']) <= 1, {
    error: 'expected only one of `content`, `source` and `secret`',
  })
  .refine(
    (file) =>
      file.ensure === 'absent' || given(file, ['content', 'source', 'secret', 'owner', 'group', 'mode']) > 0,
    { error: 'expected `content`, `source` or `secret`, or at least an owner, group or mode to keep' },
  );

const owned = { owner: z.string(), group: z.string(), mode: fileMode };

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('write'), path: z.string(), content: z.string(), ...owned }),
  z.strictObject({ op: z.literal('write-secret'), path: z.string(), secret: secretRef, ...owned }),
  z.strictObject({ op: z.literal('set-meta'), path: z.string(), ...owned }),
  z.strictObject({ op: z.literal('restore'), path: z.string(), sha256: z.string(), ...owned }),
  z.strictObject({ op: z.literal('remove'), path: z.string() }),
]);

export type Desired = z.output<typeof desired>;
export type FileOp = z.output<typeof ops>;

/** Whether the content is managed, or only the owner, group and mode of a file that somebody else writes. */
export const hasContent = (want: Desired): boolean => want.content !== undefined || want.secret !== undefined;
