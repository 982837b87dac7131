import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Sample {
  /** Milliseconds. */
  readonly wall: number;
  readonly cpu: number;
  /** MiB; the largest single process. */
  readonly memory: number;
}

const FIGURES = '/mnt/figures';

/** One run of a whole process, as the operating system accounts for it. */
export const sample = (argv: readonly string[], expected: readonly number[] = [0]): Sample => {
  const began = process.hrtime.bigint();
  const { status, stderr, stdout } = spawnSync(
    '/usr/bin/time',
    ['-q', '-f', '%U %S %M', '-o', FIGURES, ...argv],
    {
      encoding: 'utf8',
    },
  );
  const wall = Number(process.hrtime.bigint() - began) / 1e6;
  if (status === null || !expected.includes(status))
    throw new Error(`${argv.join(' ')}: exit code ${status ?? 'none'}\n${stdout}\n${stderr}`);
  const [user = 0, system = 0, kilobytes = 0] = readFileSync(FIGURES, 'utf8').trim().split(' ').map(Number);
  return { wall, cpu: (user + system) * 1000, memory: kilobytes / 1024 };
};

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

export const median = (samples: readonly Sample[]): Sample => ({
  wall: middle(samples.map(({ wall }) => wall)),
  cpu: middle(samples.map(({ cpu }) => cpu)),
  memory: middle(samples.map(({ memory }) => memory)),
});
