import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Machine } from '../machine/machine.ts';
import { currentRelease } from '../release.ts';
import { runStage } from './stage.ts';

/** Puts the files of packages that a test installs by itself, or only unpacks, into a folder of the machine. */
export const bringDebs = async (
  machine: Machine,
  folder: string,
  packages: readonly string[],
): Promise<void> => {
  const { suite } = currentRelease();
  const debs = await runStage({
    name: `debs-${suite}`,
    script: join(import.meta.dirname, 'debs.sh'),
    env: { SUITE: suite, NAMES: packages.join(' ') },
    inputs: [suite, ...packages],
  });
  await machine.succeed(`mkdir -p ${folder}`);
  for (const name of await readdir(debs)) await machine.copyIn(join(debs, name), `${folder}/${name}`);
};
