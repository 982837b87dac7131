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
  /** `first` is the first of those that are measured with it. */
  readonly met: (row: Row, first: Row) => boolean;
}

interface Command {
  readonly name: string;
  readonly run: () => Sample;
  readonly target?: Target | undefined;
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

const tell = (
  { name, figures: { wall, cpu, memory }, ratio }: Row,
  target?: { text: string; met: boolean },
) => {
  const columns = [wall, cpu].map((milliseconds) => `${milliseconds.toFixed(0)} ms`);
  say(name, [...columns, `${memory.toFixed(0)} MiB`, `${ratio.toFixed(2)} ×`], target);
};

/** The commands and `node -e 0` in turn: how they compare holds when the machine's speed drifts. */
export const measureInTurn = (rounds: number, commands: readonly Command[]): readonly Row[] => {
  const base: Sample[] = [];
  const runs = commands.map((): Sample[] => []);
  for (let round = 0; round < rounds; round += 1) {
    base.push(sample(NODE));
    for (const [index, { run }] of commands.entries()) runs[index]?.push(run());
  }
  const rows = commands.map(({ name }, index) => {
    const figures = median(runs[index] ?? []);
    return { name, figures, ratio: figures.wall / median(base).wall };
  });
  const [first] = rows;
  for (const [index, row] of rows.entries()) {
    const target = commands[index]?.target;
    tell(row, target && { text: target.text, met: target.met(row, first ?? row) });
  }
  return rows;
};

export const measure = (name: string, rounds: number, run: () => Sample, target?: Target): Row => {
  const [row] = measureInTurn(rounds, [{ name, run, target }]);
  if (row === undefined) throw new Error(`${name} was not measured`);
  return row;
};

export const figure = (name: string, value: string, target?: { text: string; met: boolean }): void => {
  say(name, [value, '', '', ''], target);
};

/** Non-zero when a target was missed. */
export const finish = (): void => {
  process.exitCode = missed === 0 ? 0 : 1;
};
