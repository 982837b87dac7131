/**
 * `npm run bench [ROUNDS]`: what phoenix costs, as ratios to `node -e 0` on the same machine. With `-- --gate`, only
 * whether a run that changes nothing is within its limits. With `-- --hypervisor`, the same of the whole example of a
 * hypervisor, converged on a machine of the lab: where the time goes, and whether it is within its limits.
 *
 * Everything happens in private mount namespaces, where /etc, /var/lib and others are overlays in memory: the machine
 * that this runs on is not changed. Without root it takes a kernel that lets users make namespaces.
 */
import { spawnSync } from 'node:child_process';
import { geteuid } from 'node:process';
import { OUTSIDE, ownMounts } from './bench/world.ts';

const asRoot = geteuid?.() === 0 ? [] : ['--user', '--map-root-user'];
const namespace = ['--mount', '--propagation', 'private', ...asRoot];

const run = (program: string, argv: readonly string[]): boolean =>
  spawnSync(program, argv, { stdio: 'inherit', env: { ...process.env, [OUTSIDE]: ownMounts() } }).status ===
  0;

if (!run(process.execPath, ['--import=tsx', 'scripts/build.ts'])) throw new Error('the build failed');
const MOCHA = ['mocha', '--no-config', '--import=tsx', '--timeout', '1800000'];
if (process.argv.includes('--hypervisor'))
  process.exit(run('npx', [...MOCHA, 'test/lab/hypervisor.lab.ts']) ? 0 : 1);
const gate = process.argv.includes('--gate');
const results = (gate ? ['gate'] : ['no-op', 'first-converge']).map((part) =>
  run('unshare', [
    ...namespace,
    process.execPath,
    '--import=tsx',
    `scripts/bench/${part}.ts`,
    ...process.argv.slice(2).filter((word) => word !== '--gate'),
  ]),
);
process.exitCode = results.every(Boolean) ? 0 : 1;
