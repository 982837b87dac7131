import { z } from 'zod';
import { notifySchema } from './notify-schema.ts';
import { rebootSchema } from './reboot-schema.ts';
import { scheduleSchema } from './schedule-schema.ts';
import { STEPS } from './steps.ts';
import { wayBackSchema } from './way-back-schema.ts';

/** The whole manifest: `version` and the sections of the steps. */
export const manifestSchema = z.strictObject({
  version: z
    .literal(1, { error: 'expected 1, the only version of the manifest there is' })
    .meta({ description: 'version of the manifest format' }),
  ...Object.fromEntries(STEPS.map(({ section, schema }) => [section, schema as z.ZodType])),
  wayBack: wayBackSchema,
  reboot: rebootSchema,
  schedule: scheduleSchema,
  notify: notifySchema,
});
export type Manifest = z.output<typeof manifestSchema>;
