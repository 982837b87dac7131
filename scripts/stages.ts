import { execa } from 'execa';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface StageResult {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly counts: Counts;
}

/** The line with which our mocha reporter ends. */
const CLOSING_LINE = /^(\d+) passed, (\d+) failed, (\d+) skipped$/gm;

const sum = (all: readonly Counts[]): Counts => ({
  passed: all.reduce((total, { passed }) => total + passed, 0),
  failed: all.reduce((total, { failed }) => total + failed, 0),
  skipped: all.reduce((total, { skipped }) => total + skipped, 0),
});

const countsIn = (output: string): Counts =>
  sum(
    [...output.matchAll(CLOSING_LINE)].map(([, passed, failed, skipped]) => ({
      passed: Number(passed),
      failed: Number(failed),
      skipped: Number(skipped),
    })),
  );

/** Waits for the work of a stage. A stage that fails without a failed test counts as one failure. */
export const stage = async (
  name: string,
  work: () => Promise<{ readonly ok: boolean; readonly output: string }>,
): Promise<StageResult> => {
  console.log(`\n=== ${name}`);
  const start = Date.now();
  const { ok, output } = await work();
  const counts = countsIn(output);
  if (!ok && counts.failed === 0) counts.failed = 1;
  return { name, ok, seconds: (Date.now() - start) / 1000, counts };
};

/** A script of package.json, shown while it runs. */
export const npmScript = async (
  name: string,
  ...args: readonly string[]
): Promise<{ ok: boolean; output: string }> => {
  const { failed, stdout } = await execa('npm', ['run', '--silent', name, '--', ...args], {
    stdin: 'ignore',
    stdout: ['inherit', 'pipe'],
    stderr: 'inherit',
    reject: false,
  });
  return { ok: !failed, output: stdout };
};

/** The table of timings, and the plain closing line that a continuous integration reads. */
export const report = (results: readonly StageResult[]): string => {
  const rows = results.map(
    ({ name, ok, seconds }) =>
      `${name.padEnd(16)} ${seconds.toFixed(1).padStart(8)} s  ${ok ? 'ok' : 'FAILED'}`,
  );
  const { passed, failed, skipped } = sum(results.map(({ counts }) => counts));
  return ['', ...rows, '', `${passed} passed, ${failed} failed, ${skipped} skipped`].join('\n');
};
