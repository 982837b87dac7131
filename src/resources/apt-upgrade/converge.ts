import { isProtected } from '../../facts/apt/protected.ts';
import { failed, simulate, transactRepaired } from '../../facts/apt/run.ts';
import { parseSimulation, type Simulation } from '../../facts/apt/simulation.ts';
import { compareVersions } from '../../facts/debian-version.ts';
import type { Host } from '../../host/host.ts';
import { isKernel, type UpgradeOp } from './schema.ts';

const all = (names: readonly string[]): string => names.join(', ');

/** Why the transaction may not go ahead: apt found another way than the plan has shown. */
const objectionTo = ({ installs, removals, held }: Simulation, op: UpgradeOp): string | undefined => {
  const gone = removals.filter((name) => isProtected(name) || !op.removes.includes(name));
  if (gone.length > 0) return `apt would also remove ${all(gone)}`;
  const names = installs.map(({ name }) => name);
  const kernels = op.kernel ? [] : names.filter(isKernel);
  if (kernels.length > 0)
    return `apt would also install ${all(kernels)}, a kernel; say \`kernel: true\` if it may`;
  const kept = names.filter((name) => op.except.includes(name) || held.includes(name));
  if (kept.length > 0) return `apt would also change ${all(kept)}, which is to stay as it is`;
  const down = installs.filter(({ from, to }) => from !== undefined && compareVersions(to, from) < 0);
  return down.length > 0 ? `apt would also downgrade ${all(down.map(({ name }) => name))}` : undefined;
};

/** By name and version: exactly what the plan has shown, and the new packages that it depends on. */
export const converge = async (op: UpgradeOp, host: Host): Promise<void> => {
  const targets = op.packages.map(({ name, version }) => `${name}=${version}`);
  const args = ['install', '--only-upgrade', '--no-install-recommends', ...targets];
  const simulated = await simulate(host, args);
  if (simulated.code !== 0) throw failed('apt-get -s install', simulated);
  const objection = objectionTo(parseSimulation(simulated.stdout), op);
  if (objection !== undefined)
    throw new Error(`nothing was changed: ${objection}; see \`apt-get -s full-upgrade\``);
  const result = await transactRepaired(host, args);
  if (result.code !== 0) throw failed('apt-get install', result);
};
