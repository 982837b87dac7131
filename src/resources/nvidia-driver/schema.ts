import { z } from 'zod';
import type { LoadedDriver } from '../../facts/nvidia-driver.ts';
import { gpuFields, type Gpus } from '../../facts/nvidia-gpus.ts';
import { ownFileOps, type OwnFile } from '../../facts/own-file.ts';
import type { SecureBoot } from '../../facts/secure-boot.ts';

const packageName = z.string().regex(/^[a-z0-9][a-z0-9+.-]*[a-z0-9+.]$/, 'expected a Debian package name');

export const desired = z.strictObject({
  source: z
    .enum(['package'])
    .default('package')
    .meta({ description: 'where the driver comes from: the packages of the sources that apt has' }),
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
  ...gpuFields,
  ensure: z.enum(['present', 'absent']).default('present').meta({
    description: 'absent removes the packages and lets nouveau have the cards again, from the next boot on',
  }),
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
  readonly foreign: boolean;
  readonly blacklist?: OwnFile;
  /** When the blacklist was written, in milliseconds since 1970. */
  readonly written: number;
  /** nouveau is loaded. */
  readonly nouveau: boolean;
  readonly loaded?: LoadedDriver;
  readonly userspace: readonly string[];
  readonly secureBoot: SecureBoot;
}
