import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Release } from '../release.ts';
import { runStage } from './stage.ts';

/** The files of packages that a test installs by itself, because they conflict with those of the image. */
export const debsOf = async (release: Release, names: readonly string[]): Promise<string[]> => {
  const folder = await runStage({
    name: `debs-${release.suite}`,
    script: join(import.meta.dirname, 'debs.sh'),
    env: { SUITE: release.suite, NAMES: names.join(' ') },
    inputs: [release.suite, ...names],
  });
  return (await readdir(folder)).map((name) => join(folder, name));
};
