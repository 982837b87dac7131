import { execute } from '../execute.ts';
import type { Trace } from './lead.ts';

const TIMEOUT = 2_000;
const MAX_OUTPUT = 16 * 1024 * 1024;

const LINE = /^(\d{4}-\d\d-\d\d)\.(\d\d:\d\d:\d\d) (.*)$/;

/** `zpool history -l`, in UTC. */
export const parseZpoolHistory = (text: string): Trace[] =>
  text.split('\n').flatMap((line) => {
    const [, day, time, what] = LINE.exec(line) ?? [];
    return day === undefined
      ? []
      : [{ at: Date.parse(`${day}T${String(time)}Z`), text: `zpool history: ${String(what)}` }];
  });

/** One process for all pools. */
export const zpoolTraces = async (): Promise<Trace[]> => {
  try {
    const { stdout } = await execute({
      program: 'zpool',
      args: ['history', '-l'],
      timeout: TIMEOUT,
      maxOutput: MAX_OUTPUT,
    });
    return parseZpoolHistory(stdout);
  } catch {
    return [];
  }
};
