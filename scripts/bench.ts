/**
 * `npm run bench`: how long phoenix takes when there is nothing to do, as ratios to `node -e 0` on the same machine.
 *
 * Everything happens in a private mount namespace, where /etc, /home, /srv and the state directory are overlays in
 * memory: the machine that this runs on is not changed. Needs root, or a kernel that lets users make namespaces.
 */
import { execFileSync } from 'node:child_process';
import { geteuid } from 'node:process';

execFileSync('npx', ['tsx', 'scripts/build.ts'], { stdio: 'inherit' });
const asRoot = geteuid?.() === 0 ? [] : ['--user', '--map-root-user'];
execFileSync(
  'unshare',
  [
    ...asRoot,
    '--mount',
    '--propagation',
    'private',
    process.execPath,
    '--import=tsx',
    'scripts/bench/inside.ts',
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
