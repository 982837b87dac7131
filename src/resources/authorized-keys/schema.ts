import { z } from 'zod';
import { absolutePath } from '../../facts/paths.ts';
import { faultOf, identityOf, parseKey } from './key-line.ts';

const keyLine = z.string().superRefine((line, context) => {
  const fault = faultOf(line);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

const haveNoTwins = (lines: readonly string[]): boolean => {
  const identities = lines.map((line) => {
    const key = parseKey(line);
    return key === undefined ? line : identityOf(key);
  });
  return new Set(identities).size === identities.length;
};

export const desired = z.strictObject({
  user: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'expected a user name: a-z, 0-9, `_` and `-`, at most 32 characters')
    .meta({ description: 'whose login the keys open' }),
  keys: z.array(keyLine).refine(haveNoTwins, 'one key is listed twice').meta({
    description: 'public keys, each a line as in authorized_keys: options if any, type, base64, comment',
  }),
  mode: z.enum(['added', 'exact']).default('added').meta({
    description: 'added leaves other keys alone; exact removes every key that is not listed',
  }),
  path: absolutePath.optional().meta({
    description: 'the file, if sshd is told to look elsewhere; ~/.ssh/authorized_keys if left out',
  }),
});
export type Desired = z.output<typeof desired>;

const place = { user: z.string(), path: z.string().optional() };

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('make-directory'), ...place }),
  z.strictObject({ op: z.literal('write'), ...place, text: z.string() }),
  z.strictObject({ op: z.literal('delete'), ...place }),
  z.strictObject({
    op: z.literal('set-meta'),
    ...place,
    part: z.enum(['directory', 'file']),
    mode: z.string(),
    uid: z.int(),
    gid: z.int(),
  }),
]);
export type KeysOp = z.output<typeof ops>;
