import { z } from 'zod';
import { aptName, KEYRINGS, keyPath, sourcePath } from '../../facts/apt/sources.ts';
import { ownFileOps } from '../../facts/own-file.ts';

/** The access methods that apt has by itself; blanks and brackets would begin something else. */
const URI = /^(?:https?|file|copy|cdrom|mirror|mirror\+https?|tor\+https?):[A-Za-z0-9/][^\s[\]#]*$/;
const WORD = /^[A-Za-z0-9./][A-Za-z0-9._/+~-]*$/;
const KEYRING =
  /^\/(?:etc\/apt\/keyrings|usr\/share\/keyrings)\/[A-Za-z0-9][A-Za-z0-9_.-]*\.(?:asc|gpg|pgp)$/;

const address = z
  .string()
  .regex(URI, 'expected an address such as https://deb.debian.org/debian')
  .refine(
    (uri) => !/^[a-z+]+:\/\/[^/]*@/.test(uri),
    'expected an address without a user and password: apt reads them from /etc/apt/auth.conf.d (apt_auth.conf(5))',
  );
const word = z.string().regex(WORD, 'expected a word of letters, digits, `.`, `_`, `-` and `/`');

export const desired = z
  .strictObject({
    name: aptName.meta({
      description: 'name of the file in /etc/apt/sources.list.d, without its suffix .sources',
    }),
    types: z
      .array(z.enum(['deb', 'deb-src']))
      .min(1)
      .default(['deb'])
      .meta({ description: 'binary packages, source packages, or both' }),
    uris: z
      .array(address)
      .default([])
      .meta({ description: 'addresses of the archive; required unless absent' }),
    suites: z.array(word).default([]).meta({
      description: 'releases, such as trixie; or a path that ends in a slash. Required unless absent',
    }),
    components: z
      .array(word)
      .default([])
      .meta({ description: 'such as main; none where the suite is a path' }),
    signedBy: z
      .union([aptName, z.string().regex(KEYRING)], {
        error: `expected the name of an AptKey, or a keyring in ${KEYRINGS} or /usr/share/keyrings`,
      })
      .optional()
      .meta({
        description:
          'the key that must have signed it: the name of an AptKey, or the path of a keyring. Required unless absent',
      }),
    architectures: z
      .array(word)
      .default([])
      .meta({ description: 'such as amd64; those of the host if left out' }),
    enabled: z.boolean().default(true).meta({ description: 'false keeps the file, and apt passes over it' }),
    otherRelease: z.boolean().default(false).meta({
      description: 'allow a suite of another Debian release than the host has, which mixes their packages',
    }),
    ensure: z
      .enum(['present', 'absent'])
      .default('present')
      .meta({ description: 'absent removes the file; installed packages stay' }),
  })
  .refine(({ ensure, uris, suites }) => ensure === 'absent' || (uris.length > 0 && suites.length > 0), {
    error: 'expected at least one of `uris` and one of `suites`',
  })
  .refine(({ ensure, signedBy }) => ensure === 'absent' || signedBy !== undefined, {
    path: ['signedBy'],
    error: 'expected the key that signs it; a source without one would be trusted with any that the host has',
  })
  .refine(
    ({ ensure, suites, components }) =>
      ensure === 'absent' || suites.every((suite) => suite.endsWith('/') === (components.length === 0)),
    {
      path: ['components'],
      error: 'expected components, and none where the suite is a path that ends in a slash',
    },
  );
export type Desired = z.output<typeof desired>;

export const ops = z.discriminatedUnion('op', [
  ...ownFileOps,
  /** The file is as it is to be, and apt has not fetched what it names. */
  z.strictObject({ op: z.literal('fetch'), path: z.string() }),
]);
export type SourceOp = z.output<typeof ops>;

export const pathOf = sourcePath;

export const keyringOf = ({ signedBy = '' }: Desired): string =>
  signedBy.startsWith('/') ? signedBy : keyPath(signedBy);
