/** What the kinds' schemas have in common. */
import { z } from 'zod';
import { canonicalName } from './parameters.ts';

/** Samba makes one blank of many, and a backslash at the end takes the next line along. */
export const text = z
  .string()
  .regex(
    /^(?:[^\s\0-\x1f\x7f]+(?: [^\s\0-\x1f\x7f]+)*)?$/,
    'expected one line with single blanks between its words and none at its ends',
  )
  .refine((value) => !value.endsWith('\\'), 'expected no backslash at the end: it would join the next line');

const optionName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9 _*:.-]*$/,
    'expected the name of a parameter of smb.conf(5), such as `veto files`',
  )
  .refine(
    (name) =>
      !['include', 'copy', 'configfile', 'configbackend'].includes(name.replace(/\s/g, '').toLowerCase()),
    {
      error: 'a parameter that brings settings from elsewhere is not taken: phoenix could not see them',
    },
  );

/** Parameters beside those that have fields. */
export const optionsBeside = (fields: readonly string[]) =>
  z
    .record(optionName, text)
    .superRefine((record, context) => {
      for (const name of Object.keys(record))
        if (fields.includes(canonicalName(name)))
          context.addIssue({
            code: 'custom',
            path: [name],
            message: `\`${canonicalName(name)}\` has a field of its own; use that`,
          });
    })
    .default({})
    .meta({
      description:
        'other parameters of smb.conf(5) by their names, with values in quotes; checked by testparm',
    });

/** Of a section, in an op: `name = value`. */
export const lines = z.array(z.string().regex(/^[^\0-\x1f\x7f]+$/));

export const lineOf = ([name, value]: readonly [string, string]): string => `${name} = ${value}`;

/** Options by their names, so that their order in the manifest means nothing. */
export const optionLines = (record: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(record)
    .map(([name, value]): [string, string] => [canonicalName(name), value])
    .sort(([a], [b]) => (a < b ? -1 : 1));
