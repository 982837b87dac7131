import { z } from 'zod';

/** systemd.unit(5), "Description"; a name that begins with `-` or `.` would be an option or a hidden file. */
const UNIT =
  /^[A-Za-z0-9:_\\][A-Za-z0-9:_.\\@-]*\.(service|socket|mount|automount|swap|target|path|timer|slice)$/;
const DROPIN = /^[A-Za-z0-9_][A-Za-z0-9_.-]*\.conf$/;
const FILE = /^[A-Za-z0-9:_\\][A-Za-z0-9:_.\\@-]*(\.d\/[A-Za-z0-9_][A-Za-z0-9_.-]*\.conf)?$/;

const unitName = z
  .string()
  .max(255)
  .regex(UNIT, 'expected the name of a unit with its suffix, such as `chrony.service`');

/** A file of a unit, relative to /etc/systemd/system. */
const fileName = z.string().regex(FILE);

export const isTemplate = (unit: string): boolean => unit.includes('@.');

export const desired = z
  .strictObject({
    name: unitName.meta({ description: 'name of the unit, with its suffix' }),
    content: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'the unit file, in /etc/systemd/system; without it the unit is somebody else’s' }),
    dropins: z
      .record(z.string().regex(DROPIN, 'expected a name such as `10-limits.conf`'), z.string().min(1))
      .default({})
      .meta({ description: 'drop-ins by their name: what they add to the unit, or override' }),
    enabled: z.enum(['enabled', 'disabled', 'masked']).optional().meta({
      description:
        'whether it starts at boot; units without [Install] count as enabled; left alone if not declared',
    }),
    state: z
      .enum(['started', 'stopped'])
      .optional()
      .meta({ description: 'whether it runs now; left alone if not declared' }),
    restart: z.enum(['on-change', 'never']).default('on-change').meta({
      description: 'whether a running unit is restarted, at the end of the step, when its files have changed',
    }),
    reloadable: z
      .boolean()
      .default(false)
      .meta({ description: 'reload instead of restart: for units that read their configuration again' }),
    ensure: z.enum(['present', 'absent']).default('present').meta({
      description:
        'absent stops and disables the unit and removes its file and drop-ins, as far as they are ours',
    }),
  })
  .refine(({ name, enabled, state }) => !isTemplate(name) || (enabled ?? state) === undefined, {
    error: 'a template is neither enabled nor started; declare its instances',
  })
  .refine(
    ({ enabled, state, content }) => enabled !== 'masked' || (state !== 'started' && content === undefined),
    {
      path: ['enabled'],
      error: 'a masked unit has no content and cannot be started',
    },
  );

const unit = { unit: unitName };
const kept = z.strictObject({ sha256: z.string(), mode: z.int(), uid: z.int(), gid: z.int() });

export const ops = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('write'),
    ...unit,
    /** All of our files, since they are only right together. */
    files: z.record(fileName, z.string()),
    changed: z.array(fileName),
    obsolete: z.array(fileName),
  }),
  z.strictObject({ op: z.literal('remove'), ...unit, files: z.array(fileName) }),
  z.strictObject({ op: z.literal('restore'), ...unit, files: z.record(fileName, kept.nullable()) }),
  z.strictObject({ op: z.literal('daemon-reload') }),
  z.strictObject({ op: z.literal('enable'), ...unit }),
  z.strictObject({ op: z.literal('disable'), ...unit, runtime: z.boolean() }),
  z.strictObject({ op: z.literal('mask'), ...unit }),
  z.strictObject({ op: z.literal('unmask'), ...unit, runtime: z.boolean() }),
  z.strictObject({ op: z.literal('start'), ...unit, afterFailure: z.boolean() }),
  z.strictObject({ op: z.literal('stop'), ...unit }),
  z.strictObject({ op: z.literal('restart'), ...unit }),
  z.strictObject({ op: z.literal('reload'), ...unit }),
]);

export type Desired = z.output<typeof desired>;
export type UnitOp = z.output<typeof ops>;
export type Kept = z.output<typeof kept>;
