/** Whether apt would do what was asked for, and no more: never the toolkits and libraries that go by similar names. */
import { isProtected } from '../../facts/apt/protected.ts';
import { failed, simulateFresh, transactRepaired } from '../../facts/apt/run.ts';
import { parseSimulation, type Simulation } from '../../facts/apt/simulation.ts';
import type { Host } from '../../host/host.ts';

/** Packages of one driver replace those of another: nvidia-open-kernel-dkms and nvidia-kernel-dkms. */
const isOfKernel = (name: string): boolean => /^nvidia-.*kernel|^nvidia-kernel/.test(name);

const objectionTo = ({ removals, held }: Simulation, asked: readonly string[]): string | undefined => {
  const also = removals.filter((name) => !asked.includes(name) && !isOfKernel(name));
  const barred = removals.find(isProtected);
  if (barred !== undefined) return `it would remove ${barred}, without which the host may not boot`;
  if (also.length > 0) return `it would also remove ${also.join(', ')}`;
  return held.length === 0 ? undefined : `it would change ${held.join(', ')}, which somebody holds`;
};

export const simulated = async (
  host: Host,
  args: readonly string[],
  removes: readonly string[] = [],
): Promise<Simulation> => {
  const result = await simulateFresh(host, args);
  if (result.code !== 0) throw failed(`apt-get ${args.join(' ')}`, result);
  const simulation = parseSimulation(result.stdout);
  const objection = objectionTo(simulation, removes);
  if (objection !== undefined)
    throw new Error(`nothing was changed: ${objection} (see \`apt-get -s ${args.join(' ')}\`)`);
  return simulation;
};

export const transact = async (host: Host, args: readonly string[]): Promise<void> => {
  const result = await transactRepaired(host, args);
  if (result.code !== 0) throw failed(`apt-get ${args.join(' ')}`, result);
};
