import { z } from 'zod';
import type { LoadedDriver } from '../../facts/nvidia-driver.ts';
import { absolutePath } from '../../facts/paths.ts';
import { gpuFields, type Gpus } from '../../facts/nvidia-gpus.ts';
import { ownFileOps, type OwnFile } from '../../facts/own-file.ts';
import type { SecureBoot } from '../../facts/secure-boot.ts';

const packageName = z.string().regex(/^[a-z0-9][a-z0-9+.-]*[a-z0-9+.]$/, 'expected a Debian package name');

const url = z
  .string()
  .regex(
    /^https?:\/\/[A-Za-z0-9][A-Za-z0-9.:-]*\/[A-Za-z0-9._~%/+-]*$/,
    'expected an address with http or https',
  )
  .max(2000);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 sum: 64 digits, 0 to 9 and a to f');

const fields = z.strictObject({
  source: z.enum(['package', 'runfile']).default('package').meta({
    description: "where the driver comes from: packages of apt's sources, or NVIDIA's own installer",
  }),
  packages: z.array(packageName).min(1).default(['nvidia-kernel-dkms', 'nvidia-smi']).meta({
    description:
      'packages that make up the driver; one of them has the modules as source for DKMS. The default is for a host without a screen',
  }),
  version: z
    .string()
    .regex(
      /^\d+(?:\.\d+)*(?:[-+~][A-Za-z0-9.+~-]+)?$/,
      'expected a branch ("550"), a version ("550.163.01") or one with its revision ("550.163.01-2"), as a string',
    )
    .optional()
    .meta({
      description:
        'a branch such as "550", a version such as "550.163.01", or a whole version of Debian; any that is installed will do, unless said',
    }),
  url: url.optional().meta({ description: 'where the installer is fetched from, once' }),
  path: absolutePath
    .optional()
    .meta({ description: 'instead of an address: an installer that is on the host' }),
  sha256: sha256.optional().meta({
    description:
      'what the installer must be: nothing else about it is trusted, and nothing of it runs before',
  }),
  modules: z.enum(['proprietary', 'open']).optional().meta({
    description: 'which of the two kinds of modules the installer has is built; its own choice, unless said',
  }),
  ...gpuFields,
  ensure: z.enum(['present', 'absent']).default('present').meta({
    description: 'absent removes the packages and lets nouveau have the cards again, from the next boot on',
  }),
});
type Fields = z.output<typeof fields>;

const isComplete = ({ url: from, path, sha256: sum, version: which, ensure }: Fields): boolean =>
  ensure === 'absent' ||
  ((from === undefined) !== (path === undefined) && sum !== undefined && /^\d+(?:\.\d+)+$/.test(which ?? ''));

const isOfPackages = (want: Fields): boolean =>
  [want.url, want.path, want.sha256, want.modules].every((one) => one === undefined);

export const desired = fields
  .refine((want) => want.source === 'package' || isComplete(want), {
    error:
      'expected of a runfile its exact `version` ("580.76.05"), its `sha256`, and either `url` or `path`',
  })
  .refine((want) => want.source === 'runfile' || isOfPackages(want), {
    error: '`url`, `path`, `sha256` and `modules` are for `source: runfile`',
  });
export type Desired = z.output<typeof desired>;

const version = z.string().regex(/^[0-9][A-Za-z0-9.+~:*-]*$/);
const target = z.strictObject({ name: packageName, version: version.optional() });
export type Target = z.output<typeof target>;
const kernel = z.string().regex(/^[0-9][A-Za-z0-9.+~_-]*$/);

export const ops = z.discriminatedUnion('op', [
  ...ownFileOps,
  z.strictObject({
    op: z.literal('install'),
    packages: z.array(target),
    reinstall: z.boolean(),
    /** A driver works for this kernel: the new one must have been built for it before the old one goes. */
    tryFor: kernel.optional(),
  }),
  z.strictObject({ op: z.literal('uninstall'), packages: z.array(packageName) }),
  /** By DKMS, unless that has been done meanwhile. */
  z.strictObject({ op: z.literal('build'), kernel }),
  z.strictObject({ op: z.literal('load') }),
  z.strictObject({ op: z.literal('fetch'), from: z.union([url, absolutePath]), sha256 }),
  z.strictObject({
    op: z.literal('run-installer'),
    sha256,
    kernel,
    modules: z.enum(['proprietary', 'open']).optional(),
    /** A driver works: the new one must have been built before the old one goes. */
    tryFirst: z.boolean(),
  }),
  z.strictObject({ op: z.literal('run-uninstaller') }),
]);
export type NvidiaOp = z.output<typeof ops>;

export interface Package {
  readonly version: string;
  readonly state: 'installed' | 'unconfigured' | 'broken' | 'config-files' | 'not-installed';
  readonly held: boolean;
}

/** The kernel that boots next. */
export interface Next {
  readonly version: string;
  readonly isRunning: boolean;
  readonly hasHeaders: boolean;
  /** Drivers that DKMS has built and installed for it. */
  readonly modules: readonly string[];
  /** When its modules were last changed, in milliseconds since 1970. */
  readonly written: number;
}

export interface Actual {
  readonly gpus: Gpus;
  /** By name; those that dpkg does not know are left out. */
  readonly packages: Readonly<Record<string, Package>>;
  /** Packages that bring headers for this kernel and those to come, and are not installed. */
  readonly headers: readonly string[];
  readonly next?: Next;
  /** NVIDIA's own installer has been here. */
  readonly byInstaller: boolean;
  /** Packages that are installed and bring a driver, too. */
  readonly rivals: readonly string[];
  /** The installer that is declared was fetched, and was what it must be. */
  readonly fetched: boolean;
  readonly blacklist?: OwnFile;
  /** When the blacklist was written, in milliseconds since 1970. */
  readonly written: number;
  /** nouveau is loaded. */
  readonly nouveau: boolean;
  readonly loaded?: LoadedDriver;
  readonly userspace: readonly string[];
  readonly secureBoot: SecureBoot;
}
