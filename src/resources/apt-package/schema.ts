import { z } from 'zod';

const VERSION = /^(?:\d+:)?\d[A-Za-z0-9.+~:-]*$/;

export const desired = z
  .strictObject({
    name: z
      .string()
      // apt-get reads a trailing `-` as "remove": such a name may not reach it.
      .regex(/^[a-z0-9][a-z0-9+.-]*[a-z0-9+.]$/, 'expected a Debian package name')
      .meta({ description: 'name of the package, without an architecture' }),
    version: z.string().regex(VERSION, 'expected a Debian version, as a string').optional().meta({
      description:
        'exact version, spelled as dpkg does, epoch and revision included; without it any installed version will do',
    }),
    allowDowngrade: z
      .boolean()
      .default(false)
      .meta({ description: 'go back to an older `version`, which Debian does not support in general' }),
    hold: z
      .boolean()
      .optional()
      .meta({ description: 'kept back from upgrades (apt-mark hold); not compared unless declared' }),
    installRecommends: z
      .boolean()
      .default(false)
      .meta({ description: 'install what the package recommends, too' }),
    ensure: z.enum(['present', 'absent', 'purged']).default('present').meta({
      description:
        'absent removes the package and keeps its configuration files; purged deletes those, too, and often its data',
    }),
  })
  .refine((want) => want.ensure === 'present' || (want.version === undefined && want.hold === undefined), {
    error: '`version` and `hold` are for packages that are present',
  });

const name = z.string();

export const ops = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('install'),
    name,
    version: z.string().optional(),
    how: z.enum(['new', 'upgrade', 'downgrade', 'reinstall']),
    /** It is held: apt must be allowed to change it, and forgets the hold when it does (apt 2.6). */
    held: z.boolean(),
    recommends: z.boolean(),
  }),
  z.strictObject({ op: z.literal('configure'), name }),
  z.strictObject({ op: z.literal('remove'), name }),
  z.strictObject({ op: z.literal('purge'), name }),
  z.strictObject({ op: z.literal('hold'), name }),
  z.strictObject({ op: z.literal('unhold'), name }),
]);

export type Desired = z.output<typeof desired>;
export type AptOp = z.output<typeof ops>;
export type InstallOp = Extract<AptOp, { op: 'install' }>;

export interface Actual {
  readonly version: string;
  readonly state: 'installed' | 'unconfigured' | 'broken' | 'config-files';
  readonly held: boolean;
  /** Configuration files that differ from what the package shipped; only looked for where something is to change. */
  readonly edited: readonly string[];
}
