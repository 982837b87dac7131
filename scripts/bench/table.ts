import { median, sample, type Sample } from './measure.ts';

const NODE = ['/usr/bin/env', 'node', '-e', '0'];

export interface Row {
  readonly name: string;
  readonly figures: Sample;
  /** To `node -e 0`, by its wall time in the same rounds. */
  readonly ratio: number;
}

interface Target {
  readonly text: string;
  readonly met: (row: Row) => boolean;
}

let missed = 0;

const say = (name: string, columns: readonly string[], target?: { text: string; met: boolean }): void => {
  if (target?.met === false) missed += 1;
  const verdict = target === undefined ? '' : `  ${target.text.padEnd(22)} ${target.met ? 'met' : 'MISSED'}`;
  console.log(`${name.padEnd(46)}${columns.map((column) => column.padStart(10)).join('')}${verdict}`);
};

export const head = (): void => {
  say('', ['wall', 'cpu', 'peak', 'ratio']);
};

/** The command and `node -e 0` in turn: the ratio holds when the machine's speed drifts. */
export const measure = (name: string, rounds: number, run: () => Sample, target?: Target): Row => {
  const runs: Sample[] = [];
  const base: Sample[] = [];
  for (let round = 0; round < rounds; round += 1) {
    base.push(sample(NODE));
    runs.push(run());
  }
  const figures = median(runs);
  const row = { name, figures, ratio: figures.wall / median(base).wall };
  const { wall, cpu, memory } = figures;
  say(
    name,
    [
      `${wall.toFixed(0)} ms`,
      `${cpu.toFixed(0)} ms`,
      `${memory.toFixed(0)} MiB`,
      `${row.ratio.toFixed(2)} ×`,
    ],
    target === undefined ? undefined : { text: target.text, met: target.met(row) },
  );
  return row;
};

export const figure = (name: string, value: string, target?: { text: string; met: boolean }): void => {
  say(name, [value, '', '', ''], target);
};

/** Non-zero when a target was missed. */
export const finish = (): void => {
  process.exitCode = missed === 0 ? 0 : 1;
};
