import { z } from 'zod';
import { accountName, fileMode, modeBits, ordinaryPath } from '../../facts/ownership.ts';

const privateMode = fileMode.refine(
  (mode) => (modeBits(mode) & 0o007) === 0,
  "expected a mode that gives nothing to others, such as '0600' or '0640'",
);

export const desired = z.strictObject({
  path: ordinaryPath.meta({ description: 'where the file is; its directory must exist' }),
  purpose: z
    .string()
    .regex(/^[^\0-\x1f\x7f]+$/, 'expected one line of text')
    .max(200)
    .meta({ description: 'what the secret is for: told to whoever is to write it into the file' }),
  owner: accountName.default('root').meta({ description: 'owner' }),
  group: accountName.default('root').meta({ description: 'group' }),
  mode: privateMode.default('0600').meta({ description: 'permissions, octal; none for others' }),
});

const owned = { owner: z.string(), group: z.string(), mode: fileMode };

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('create'), path: z.string(), purpose: z.string(), ...owned }),
  z.strictObject({ op: z.literal('set-meta'), path: z.string(), ...owned }),
  /** Only while it waits for its secret. */
  z.strictObject({ op: z.literal('remove'), path: z.string() }),
]);

export type Desired = z.output<typeof desired>;
export type PlaceholderOp = z.output<typeof ops>;
