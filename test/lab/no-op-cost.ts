/** What a run costs that changes nothing: the programs that it starts, their time, and its CPU time to that of Node alone. */
import { strict as assert } from 'node:assert';
import type { Machine } from './machine/machine.ts';
import type { Outcome } from './machine/outcome.ts';

const TRACE = '/run/no-op-trace';

/** `seccomp-bpf`: only the calls that are asked for stop the program, so that being watched costs next to nothing. */
const TRACED = `strace -f -q --seccomp-bpf -ttt -e trace=execve -e signal=none -o ${TRACE} /opt/phoenix/bin/phoenix setup --yes --no-color`;

/** Node alone is the measure: a ratio holds on a machine of any speed. Ends as phoenix does. */
const TIMED = `bash -c 'TIMEFORMAT="%R %U %S"; time /usr/local/bin/node -e 0; time ${TRACED}'`;

interface Program {
  readonly name: string;
  /** Milliseconds, side by side with others, and with strace in between. */
  readonly took: number;
}

export interface NoOpCost {
  readonly outcome: Outcome;
  readonly programs: readonly Program[];
  /** Milliseconds. */
  readonly wall: number;
  readonly cpu: number;
  readonly cpuOfNode: number;
}

const LINE = /^(\d+) +(\d+\.\d+) (.*)$/;
/** A call is told of in two parts where another process came in between. */
const CALL = /^execve\("(?:[^"]*\/)?([^"/]+)".*(?: = 0|<unfinished \.\.\.>)$/;
const RESUMED = /^<\.\.\. execve resumed>.* = 0$/;
const END = /^\+\+\+ (?:exited|killed)/;

/** By the order of their end. One process may be several programs, one after the other: `sh`, `env`, `node`. */
const programsIn = (trace: string): Program[] => {
  const called = new Map<string, string>();
  const running = new Map<string, { name: string; since: number }>();
  const ended: Program[] = [];
  const become = (pid: string, now: number, name?: string): void => {
    const before = running.get(pid);
    if (before) ended.push({ name: before.name, took: now - before.since });
    if (name === undefined) running.delete(pid);
    else running.set(pid, { name, since: now });
  };
  for (const line of trace.split('\n')) {
    const [, pid = '', time, what = ''] = LINE.exec(line) ?? [];
    const name = CALL.exec(what)?.[1];
    const now = Number(time) * 1000;
    if (name !== undefined && what.endsWith('>')) called.set(pid, name);
    else if (name !== undefined) become(pid, now, name);
    else if (RESUMED.test(what)) become(pid, now, called.get(pid));
    else if (END.test(what)) become(pid, now);
  }
  return ended;
};

/** Seconds, of the whole and of all its children. */
const TIMES = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+)$/gm;

const milliseconds = (...seconds: readonly number[]): number =>
  Math.round(1000 * seconds.reduce((sum, one) => sum + one, 0));

const noOpCost = async (machine: Machine): Promise<NoOpCost> => {
  const outcome = await machine.run(TIMED);
  const [node, phoenix] = [...outcome.stderr.matchAll(TIMES)].map((row) => row.slice(1).map(Number));
  assert.ok(node && phoenix, outcome.stderr);
  const [wall = 0, user = 0, system = 0] = phoenix;
  const programs = programsIn(await machine.succeed(`cat ${TRACE}`));
  return {
    outcome,
    programs,
    wall: milliseconds(wall),
    cpu: milliseconds(user, system),
    cpuOfNode: milliseconds(...node.slice(1)),
  };
};

export const ratioOf = ({ cpu, cpuOfNode }: NoOpCost): number => cpu / cpuOfNode;

const ATTEMPTS = 5;

/**
 * Runs, the last of them the least of all in CPU time to that of Node. What else the machine has to do only adds, as the
 * clock of an emulated guest goes on while its processors wait: the first that is within the limit is enough.
 */
export const noOpCosts = async (machine: Machine, limit: number): Promise<readonly NoOpCost[]> => {
  const costs: NoOpCost[] = [];
  do costs.push(await noOpCost(machine));
  while (ratioOf(costs.at(-1)!) > limit && costs.length < ATTEMPTS);
  return costs.sort((a, b) => ratioOf(b) - ratioOf(a));
};

/** For people: where the time goes. */
export const costText = (cost: NoOpCost): string => {
  const { programs, wall, cpu } = cost;
  const longest = [...programs].sort((a, b) => b.took - a.took);
  return [
    `      ${wall} ms, ${cpu} ms of CPU, ${ratioOf(cost).toFixed(2)} × that of node -e 0; ${programs.length} programs:`,
    ...longest.map(({ name, took }) => `        ${name.padEnd(20)} ${took.toFixed(0).padStart(6)} ms`),
  ].join('\n');
};
