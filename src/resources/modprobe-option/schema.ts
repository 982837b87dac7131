import { z } from 'zod';
import { moduleName } from '../../facts/modules.ts';
import { ownFileOps, type OwnFile } from '../../facts/own-file.ts';

const value = z.union([
  z.int(),
  z.string().regex(/^[^\s"'\\#\0-\x1f\x7f]+$/, 'expected a value without blanks and quotes'),
]);

export const desired = z
  .strictObject({
    module: moduleName.meta({ description: 'name of the module, such as vfio-pci' }),
    options: z
      .record(moduleName, value)
      .default({})
      .meta({ description: 'what the module is loaded with, by the name of its parameter' }),
    blacklist: z.boolean().default(false).meta({
      description:
        'not loaded for a device that it would drive; who asks for it by its name gets it all the same',
    }),
    before: z.array(moduleName).default([]).meta({
      description: 'modules that are loaded before it, as far as there are any (softdep)',
    }),
    ensure: z.enum(['present', 'absent']).default('present').meta({
      description: 'absent removes the file; a module that is loaded keeps what it was loaded with',
    }),
  })
  .refine(
    ({ ensure, options, blacklist, before }) =>
      ensure === 'absent' || blacklist || before.length > 0 || Object.keys(options).length > 0,
    'expected `options`, `blacklist` or `before`',
  );

export const ops = z.discriminatedUnion('op', [...ownFileOps]);
export type Desired = z.output<typeof desired>;

export interface Actual {
  readonly file?: OwnFile;
  /** In milliseconds since 1970. */
  readonly written?: number;
  readonly loaded: boolean;
  /** What the loaded module has, of the wanted parameters that it shows. */
  readonly parameters: Readonly<Record<string, string>>;
}
