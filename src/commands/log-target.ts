import { stateFolder } from '../host/state-directory.ts';
import { LOG_FOLDER } from '../installation.ts';
import type { LogTarget } from '../report/log.ts';

/** Under systemd every line gets its priority; a person at a terminal sees warnings there as they come. */
export const logTarget = (check: boolean): LogTarget => ({
  stderr: process.stderr.isTTY
    ? 'terminal'
    : process.env['JOURNAL_STREAM'] === undefined
      ? 'none'
      : 'systemd',
  ...(check ? {} : { folder: () => stateFolder(LOG_FOLDER) }),
});
