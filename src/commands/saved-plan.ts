/** What `setup` has for plans that are saved. What works with them is loaded only when one is asked for. */
import { Flags } from '@oclif/core';
import { resolve } from 'node:path';
import type { Ref } from '../engine/resource-type.ts';
import type { SetupOptions } from '../setup/setting.ts';
import { UsageError } from './errors.ts';

export const planFlags = {
  save: Flags.string({
    description: 'change nothing, and write the plan to this new file',
    helpValue: 'FILE',
    exclusive: ['check', 'plan'],
  }),
  'valid-for': Flags.string({
    description: 'how long the plan that is saved may be applied, such as 30min, 8h, 7d',
    default: '24h',
    helpValue: 'TIME',
  }),
  plan: Flags.string({
    description: 'apply exactly this saved plan, once, and only if nothing has changed since',
    helpValue: 'FILE',
    exclusive: ['manifest', 'only', 'skip'],
  }),
};

const UNITS: Readonly<Record<string, number>> = { min: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST = 31 * 86_400_000;

const millisecondsOf = (text: string): number => {
  const [, count = '', unit = ''] = /^([1-9]\d{0,4})(min|h|d)$/.exec(text) ?? [];
  const milliseconds = Number(count) * (UNITS[unit] ?? NaN);
  if (!(milliseconds <= LONGEST))
    throw new UsageError(`--valid-for ${text}: expected a number and min, h or d, such as 8h; at most 31d`);
  return milliseconds;
};

type Chosen = Pick<SetupOptions, 'check' | 'manifest' | 'only' | 'skip' | 'reboots' | 'save' | 'plan'>;

interface Asked {
  readonly check: boolean;
  readonly manifest: string;
  readonly skip: readonly string[] | undefined;
  readonly save: string | undefined;
  readonly 'valid-for': string;
  readonly plan: string | undefined;
  readonly 'max-risk': string | undefined;
}

/** A saved plan brings its manifest with it, and what it left out. A reboot is in no plan. */
export const chosen = async (flags: Asked, only: readonly Ref[]): Promise<Chosen> => {
  const { check, manifest, skip = [], save } = flags;
  if (flags.plan !== undefined) {
    const { openPlan } = await import('../setup/saved-plan/open.ts');
    const plan = openPlan(flags.plan);
    const { saved } = plan;
    return { check, manifest: saved.manifest.path, only: saved.only, skip: saved.skip, reboots: false, plan };
  }
  const milliseconds = millisecondsOf(flags['valid-for']);
  return {
    check: check || save !== undefined,
    manifest,
    only,
    skip,
    reboots: flags['max-risk'] !== 'safe',
    ...(save === undefined ? {} : { save: { file: resolve(save), milliseconds, only, skip } }),
  };
};
