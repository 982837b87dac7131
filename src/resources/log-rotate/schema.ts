import { z } from 'zod';
import { accountName, fileMode } from '../../facts/ownership.ts';
import { ownFileOps } from '../../facts/own-file.ts';

/** logrotate(8): it skips names with a dot that look like leftovers of dpkg or an editor, and cron's rules apply. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]*$/;
const SIZE = /^[1-9]\d{0,8}[kMG]?$/;
/** In quotes it may have blanks; a brace or a quote would end it. */
const PATTERN = /^\/[^\0-\x1f\x7f"'{}\\#]*$/;
const line = /^[^\0-\x1f\x7f]+$/;

const created = z.strictObject({ mode: fileMode, owner: accountName, group: accountName });
const runAs = z.strictObject({ user: accountName, group: accountName });
/** `endscript` alone on a line would end the script early. */
const script = z
  .array(
    z
      .string()
      .regex(line, 'expected one line a list entry')
      .refine((text) => text.trim() !== 'endscript', 'expected a line of a shell script'),
  )
  .min(1);
const size = z.string().regex(SIZE, 'expected a size such as 100M, in k, M or G');

export const desired = z
  .strictObject({
    name: z
      .string()
      .max(64)
      .regex(NAME, 'expected a name of letters, digits, `_` and `-`')
      .meta({ description: 'name of the file in /etc/logrotate.d' }),
    paths: z
      .array(z.string().regex(PATTERN, 'expected an absolute path, which may have `*`, `?` and `[…]`'))
      .default([])
      .meta({ description: 'the logs, as absolute paths or patterns; required unless absent' }),
    frequency: z
      .enum(['hourly', 'daily', 'weekly', 'monthly', 'yearly'])
      .default('weekly')
      .meta({ description: 'how often; hourly only where logrotate itself is run every hour' }),
    rotate: z.int().min(0).max(10_000).default(4).meta({ description: 'how many old logs are kept' }),
    maxSize: size.optional().meta({ description: 'rotated before its time when it is larger than this' }),
    minSize: size.optional().meta({ description: 'not rotated, although it is time, while it is smaller' }),
    maxAge: z.int().min(1).optional().meta({ description: 'days after which old logs are removed' }),
    compress: z
      .boolean()
      .default(true)
      .meta({ description: 'compress old logs, but for the newest of them' }),
    missingOk: z.boolean().default(true).meta({ description: 'a log that is not there is no error' }),
    ifEmpty: z.boolean().default(false).meta({ description: 'rotate a log that is empty, too' }),
    copyTruncate: z.boolean().default(false).meta({
      description: 'copy the log and empty it, for daemons that cannot open it anew; lines may be lost',
    }),
    create: created
      .optional()
      .meta({ description: 'mode, owner and group of the new log; those of the old one if left out' }),
    su: runAs.optional().meta({
      description:
        'user and group that rotate; needed where the directory belongs to somebody else than root',
    }),
    sharedScripts: z
      .boolean()
      .default(true)
      .meta({ description: 'run the script once for all logs, not once for each' }),
    postRotate: script
      .optional()
      .meta({ description: 'lines of a shell script that is run after rotation, such as a reload' }),
    ensure: z
      .enum(['present', 'absent'])
      .default('present')
      .meta({ description: 'absent removes the file; logs that were rotated stay' }),
  })
  .refine(({ ensure, paths }) => ensure === 'absent' || paths.length > 0, {
    path: ['paths'],
    error: 'expected at least one log; `ensure: absent` removes the file',
  })
  .refine(({ copyTruncate, create }) => !copyTruncate || create === undefined, {
    path: ['create'],
    error: '`create` has no effect with `copyTruncate`; take one of them',
  });
export type Desired = z.output<typeof desired>;

export const ops = z.discriminatedUnion('op', ownFileOps);

export const pathOf = (name: string): string => `/etc/logrotate.d/${name}`;
