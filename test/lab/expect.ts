import { strict as assert } from 'node:assert';

/**
 * Lines that must all exit with zero, for one trip to the machine. The trace says which one did not. Each is a shell of
 * its own, because `set -e` passes over `!` and over all but the last of `a && b`.
 */
export const allOf = (...lines: readonly string[]): string =>
  ['set -ex', ...lines.map((line) => `(\n${line}\n)`)].join('\n');

const HEAD = /^[-+~!?] ([A-Z][A-Za-z]+\[[^\]]+\]): /;

/** The plan on screen, resource by resource, without the total and what is said after it. */
const planOf = (stdout: string): Map<string, string> => {
  const plan = new Map<string, string>();
  let ref = '';
  for (const line of stdout.split('\n')) {
    if (line.startsWith('Plan: ')) break;
    ref = HEAD.exec(line)?.[1] ?? ref;
    plan.set(ref, `${plan.get(ref) ?? ''}${line}\n`);
  }
  return plan;
};

/** These resources and no others are in the plan, each with all that is expected of it. */
export const assertPlan = (
  stdout: string,
  expected: Readonly<Record<string, RegExp | readonly RegExp[]>>,
): void => {
  const plan = planOf(stdout);
  assert.deepEqual([...plan.keys()].sort(), Object.keys(expected).sort(), stdout);
  for (const [ref, patterns] of Object.entries(expected))
    for (const pattern of [patterns].flat()) assert.match(plan.get(ref) ?? '', pattern);
};
