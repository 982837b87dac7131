import { z } from 'zod';
import { aptName, keyPath } from '../../facts/apt/sources.ts';
import { ownFileOps } from '../../facts/own-file.ts';
import type { PayloadReader } from '../../host/host.ts';
import { fingerprintsIn } from './openpgp.ts';

const fingerprint = z
  .string()
  .regex(
    /^\s*(?:[0-9A-Fa-f]\s*){40}(?:(?:[0-9A-Fa-f]\s*){24})?$/,
    'expected a whole fingerprint, 40 or 64 hexadecimal digits; short key ids can be forged',
  );

export const desired = z
  .strictObject({
    name: aptName.meta({ description: 'name of the file in /etc/apt/keyrings, without its suffix .asc' }),
    fingerprints: z.array(fingerprint).default([]).meta({
      description:
        'the fingerprint of every key in the file, from a source that you trust; required unless absent',
    }),
    file: z
      .string()
      .regex(/^[^/\0-\x1f\x7f][^\0-\x1f\x7f]*$/, 'expected a path relative to the manifest')
      .optional()
      .meta({ description: 'the armored key, as a file relative to the manifest' }),
    content: z.string().optional().meta({ description: 'the armored key itself' }),
    ensure: z
      .enum(['present', 'absent'])
      .default('present')
      .meta({ description: 'absent removes the file; sources that name it are not fetched any more' }),
  })
  .refine(
    ({ ensure, file, content }) => ensure === 'absent' || (file === undefined) !== (content === undefined),
    {
      error: 'expected either `file` or `content`',
    },
  )
  .refine(({ ensure, fingerprints }) => ensure === 'absent' || fingerprints.length > 0, {
    path: ['fingerprints'],
    error: 'expected the fingerprint of every key in the file: an unpinned key is not trusted',
  });
export type Desired = z.output<typeof desired>;

export const ops = z.discriminatedUnion('op', ownFileOps);

export const pathOf = keyPath;

const normal = (text: string): string => text.replace(/\s/g, '').toUpperCase();

const listed = (all: readonly string[]): string => all.join(', ');

/** Both ways: no key that is not named, and none named that is not there. */
const verify = ({ name, fingerprints }: Desired, content: string): void => {
  const found = fingerprintsIn(content);
  const pinned = fingerprints.map(normal);
  const unnamed = found.filter((one) => !pinned.includes(one));
  const missing = pinned.filter((one) => !found.includes(one));
  if (unnamed.length > 0)
    throw new Error(
      `the key of ${name} has the fingerprint ${listed(unnamed)}, which \`fingerprints\` does not name; ` +
        'trust it only if its owner says so by another way than the key came',
    );
  if (missing.length > 0) throw new Error(`the key of ${name} has no fingerprint ${listed(missing)}`);
};

/** When the manifest is compiled: a wrong key is an error of the manifest, and the host is not touched. */
export const resolve = ({ file, ...want }: Desired, payload: PayloadReader): Desired => {
  const content = file === undefined ? want.content : payload.text(file);
  if (content === undefined) return want;
  verify(want, content);
  return { ...want, content: `${content.trim()}\n` };
};
