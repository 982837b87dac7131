import { z } from 'zod';
import type { LoadedDriver } from '../../facts/nvidia-driver.ts';
import { gpuFields, type Gpus } from '../../facts/nvidia-gpus.ts';
import { ownFileOps, type OwnFile } from '../../facts/own-file.ts';
import type { Answer, Unit } from './facts.ts';

export const desired = z.strictObject({
  persistence: z.boolean().default(true).meta({
    description:
      'the driver keeps a card set up while nobody uses it: by nvidia-persistenced where it is installed, else by nvidia-smi',
  }),
  uvm: z
    .boolean()
    .default(true)
    .meta({ description: 'also the device nodes of unified memory, without which CUDA does not start' }),
  ...gpuFields,
  ensure: z
    .enum(['present', 'absent'])
    .default('present')
    .meta({ description: 'absent removes the unit; nvidia-persistenced stays as it is' }),
});
export type Desired = z.output<typeof desired>;

export const UNITS = ['phoenix-nvidia.service', 'nvidia-persistenced.service'] as const;
export const [OURS, DAEMON] = UNITS;
const unit = z.enum(UNITS);

export const ops = z.discriminatedUnion('op', [
  ...ownFileOps,
  z.strictObject({ op: z.literal('daemon-reload') }),
  z.strictObject({ op: z.literal('enable'), unit }),
  z.strictObject({ op: z.literal('disable'), unit }),
  /** Also what has failed, or runs with an older file. */
  z.strictObject({ op: z.literal('restart'), unit }),
  z.strictObject({ op: z.literal('stop'), unit }),
]);
export type InitOp = z.output<typeof ops>;

export interface Actual {
  readonly gpus: Gpus;
  readonly file?: OwnFile;
  /** When the unit was written, in milliseconds since 1970. */
  readonly written: number;
  readonly unit: Unit;
  /** nvidia-persistenced; undefined where it is not installed. */
  readonly daemon?: Unit;
  /** nouveau has the cards, or the running kernel has no driver to load: before the next boot nothing can be started. */
  readonly blocked: boolean;
  readonly loaded?: LoadedDriver;
  /** Versions of the library that nvidia-smi asks. */
  readonly userspace: readonly string[];
  /** Device nodes that are not there. */
  readonly missing: readonly string[];
  /** What nvidia-smi says; only asked where a driver is loaded. */
  readonly smi?: Answer;
}
