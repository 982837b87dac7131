import { reasonOf } from '../../engine/reading.ts';
import { parseSimulation } from '../../facts/apt/simulation.ts';
import type { Host } from '../../host/host.ts';
import { failed, mark, simulateFresh, transactRepaired } from '../../facts/apt/run.ts';
import type { AptOp, InstallOp } from './schema.ts';
import { objectionTo } from './objection.ts';

const isInstall = (op: AptOp): op is InstallOp => op.op === 'install';

const namesOf = (ops: readonly AptOp[], name: AptOp['op']): string[] =>
  ops.filter(({ op }) => op === name).map((op) => op.name);

const flagsOf = (installs: readonly InstallOp[]): string[] => [
  ...(installs[0]?.recommends ? ['--install-recommends'] : ['--no-install-recommends']),
  ...(installs.some(({ how }) => how === 'reinstall') ? ['--reinstall'] : []),
  ...(installs.some(({ how }) => how === 'downgrade') ? ['--allow-downgrades'] : []),
  ...(installs.some(({ held }) => held) ? ['--allow-change-held-packages'] : []),
];

const targetOf = (op: InstallOp): string => (op.version === undefined ? op.name : `${op.name}=${op.version}`);

/** The simulation failed, or would do something else: the host is as it was. */
class NothingChanged extends Error {}

/** Simulated first: nothing is changed unless apt would do what the ops say. */
const carryOut = async (
  host: Host,
  args: readonly string[],
  targets: readonly InstallOp[],
  ops: readonly AptOp[],
): Promise<void> => {
  const what = `apt-get ${args.join(' ')}`;
  const simulated = await simulateFresh(host, args);
  if (simulated.code !== 0) throw new NothingChanged(failed(what, simulated).message);
  const objection = objectionTo(parseSimulation(simulated.stdout), targets, ops);
  if (objection !== undefined)
    throw new NothingChanged(`nothing was changed: ${objection} (see \`apt-get -s ${args.join(' ')}\`)`);
  const result = await transactRepaired(host, args);
  if (result.code !== 0) throw failed(what, result);
};

/** With and without recommended packages: the option holds for a whole transaction. */
const groupsOf = (ops: readonly AptOp[]): InstallOp[][] => {
  const installs = ops.filter(isInstall);
  const groups = [false, true].map((recommends) => installs.filter((op) => op.recommends === recommends));
  return groups.filter((group) => group.length > 0);
};

/**
 * Removals go into the first transaction, beside what may replace them (`install A B-`). What is to be purged is
 * removed there too, and purged afterwards: `--purge` would purge all that is removed.
 */
const install = async (ops: readonly AptOp[], host: Host): Promise<void> => {
  const groups = groupsOf(ops);
  const leaving = [...namesOf(ops, 'remove'), ...(groups.length === 0 ? [] : namesOf(ops, 'purge'))];
  if (groups.length === 0 && (leaving.length > 0 || namesOf(ops, 'configure').length > 0)) groups.push([]);
  for (const [index, group] of groups.entries()) {
    const removals = index === 0 ? leaving.map((name) => `${name}-`) : [];
    await carryOut(host, ['install', ...flagsOf(group), ...group.map(targetOf), ...removals], group, ops);
  }
};

const convergeAtOnce = async (ops: readonly AptOp[], host: Host): Promise<void> => {
  await install(ops, host);
  const purges = namesOf(ops, 'purge');
  if (purges.length > 0) await carryOut(host, ['purge', ...purges], [], ops);
  const rehold = ops.filter((op) => isInstall(op) && op.held).map(({ name }) => name);
  await mark(host, 'hold', [...rehold, ...namesOf(ops, 'hold')]);
  await mark(host, 'unhold', namesOf(ops, 'unhold'));
};

const convergeOneByOne = async (ops: readonly AptOp[], host: Host): Promise<void> => {
  const messages: string[] = [];
  for (const op of ops)
    try {
      await convergeAtOnce([op], host);
    } catch (error) {
      messages.push(reasonOf(error));
    }
  if (messages.length > 0) throw new Error(messages.join('\n'));
};

/** One simulation and one transaction for all; singly only when one of them keeps apt from doing any. */
export const convergeTogether = async (ops: readonly AptOp[], host: Host): Promise<void> => {
  try {
    await convergeAtOnce(ops, host);
  } catch (error) {
    if (ops.length === 1 || !(error instanceof NothingChanged)) throw error;
    await convergeOneByOne(ops, host);
  }
};
