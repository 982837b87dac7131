/** What V8 makes of the bundle, made once here instead of at each start: for the Node that phoenix is shipped with. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fetchRuntime } from '../package/runtime.ts';

/** As `bin/phoenix` starts it. */
const FLAGS = ['--disable-proto=delete', '--no-addons'];

/**
 * So that the bytes are the same each time, and how each is taken back: nothing is left to chance, and so much room that no
 * garbage is collected, which would depend on the machine.
 */
const STEADY = {
  '--hash-seed=1': '--hash-seed=0',
  '--random-seed=1': '--random-seed=0',
  '--min-semi-space-size=256': '--min-semi-space-size=0',
  '--max-semi-space-size=256': '--max-semi-space-size=0',
  // Which would begin after some seconds, on a busy machine.
  '--no-memory-reducer': '--memory-reducer',
  '--no-flush-bytecode': '--flush-bytecode',
};

/** `folder` is the unpacked bundle. On another machine than that Node is for, there is none: phoenix starts without. */
export const compile = (folder: string): void => {
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  const script = join(import.meta.dirname, 'compile.js');
  execFileSync(
    fetchRuntime().node,
    [...FLAGS, ...Object.keys(STEADY), script, join(folder, 'bin/load.js'), ...Object.values(STEADY)],
    {
      env: {
        ...{ PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C.UTF-8' },
        UV_THREADPOOL_SIZE: '1',
        // Node would pass it on, and what is compiled for the sake of coverage counts what it does.
        NODE_V8_COVERAGE: '',
      },
      // The same each time as well: another code is behind a terminal than behind a file. What it says is in the error.
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
};
