/** The time that every file of a package gets, in seconds since 1970: that of the sources, not that of the build. */
import { execFileSync } from 'node:child_process';

export const sourceEpoch = (): number => {
  const given = process.env['SOURCE_DATE_EPOCH'];
  if (given !== undefined) {
    if (!/^\d{1,12}$/.test(given))
      throw new Error(`SOURCE_DATE_EPOCH: expected seconds since 1970, found "${given}"`);
    return Number(given);
  }
  try {
    return Number(
      execFileSync('git', ['log', '-1', '--format=%ct'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
  } catch (error) {
    throw new Error('no git history to take the time of the sources from; set SOURCE_DATE_EPOCH', {
      cause: error,
    });
  }
};
