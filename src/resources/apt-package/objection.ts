/** Whether what apt says it would do is what was asked for. */
import { isProtected } from '../../facts/apt/protected.ts';
import type { Simulation } from '../../facts/apt/simulation.ts';
import { compareVersions } from '../../facts/debian-version.ts';
import type { AptOp, InstallOp } from './schema.ts';

const namesOf = (ops: readonly AptOp[], asked: (op: AptOp) => boolean): ReadonlySet<string> =>
  new Set(ops.filter(asked).map(({ name }) => name));

const unaskedRemovals = ({ removals }: Simulation, ops: readonly AptOp[]): string | undefined => {
  const asked = namesOf(ops, ({ op }) => op === 'remove' || op === 'purge');
  const others = removals.filter((name) => !asked.has(name) || isProtected(name));
  if (others.length === 0) return undefined;
  const named = others.map((name) => (isProtected(name) ? `${name} (protected)` : name));
  return `apt would also remove ${named.join(', ')}; declare what is to go with \`ensure: absent\`, or resolve the conflict by hand`;
};

const unaskedDowngrades = ({ installs }: Simulation, ops: readonly AptOp[]): string | undefined => {
  const asked = namesOf(ops, (op) => op.op === 'install' && op.how === 'downgrade');
  const others = installs.filter(
    ({ name, from, to }) => from !== undefined && compareVersions(to, from) < 0 && !asked.has(name),
  );
  if (others.length === 0) return undefined;
  const named = others.map(({ name, from, to }) => `${name} from ${from ?? ''} to ${to}`);
  return `apt would also downgrade ${named.join(', ')}; declare their versions with \`allowDowngrade: true\``;
};

const foreignHolds = ({ held }: Simulation, ops: readonly AptOp[]): string | undefined => {
  const asked = namesOf(ops, (op) => op.op === 'install' && op.held);
  const others = held.filter((name) => !asked.has(name));
  if (others.length === 0) return undefined;
  return `apt would also change ${others.join(', ')}, held back by \`apt-mark hold\`; declare their versions and \`hold\`, or unhold them`;
};

/**
 * apt takes a name that no package has for a virtual package or a pattern, and installs something else; off a terminal
 * it does not even say so (apt 2.6).
 */
const substitutes = ({ installs, newest }: Simulation, targets: readonly InstallOp[]): string | undefined => {
  const known = new Set([...installs.map(({ name }) => name), ...newest]);
  const others = targets.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  if (others.length === 0) return undefined;
  return `there is no package of the very name ${others.join(', ')}, and apt would choose another; declare the real one`;
};

/** Why the transaction may not go ahead; undefined if it does what was asked, and new dependencies at most. */
export const objectionTo = (
  simulation: Simulation,
  targets: readonly InstallOp[],
  ops: readonly AptOp[],
): string | undefined =>
  substitutes(simulation, targets) ??
  unaskedRemovals(simulation, ops) ??
  unaskedDowngrades(simulation, ops) ??
  foreignHolds(simulation, ops);
