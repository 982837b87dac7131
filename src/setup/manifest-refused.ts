import type { Problem } from '../manifest/problem.ts';

/** Everything that is wrong with a manifest, at once. */
export class ManifestRefused extends Error {
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    super(`${file}: ${problems.length} errors`);
    this.problems = problems;
  }
}
