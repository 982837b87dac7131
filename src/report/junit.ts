/** A run as JUnit XML, for whatever shows test results: a resource is a test case of its step. */
import { isCutOff, type KeptRun } from '../engine/kept-run.ts';
import type { Outcome, Outcomes } from '../engine/outcome.ts';
import type { Differing, RunSummary } from '../engine/run-summary.ts';

/** What XML 1.0 cannot hold at all is shown as a question mark. */
export const escapeMarkup = (text: string): string =>
  text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

interface Case {
  readonly name: string;
  readonly of: string;
  readonly is: 'passed' | 'failure' | 'error' | 'skipped';
  readonly message: string;
}

const VERDICTS = {
  'in sync': 'passed',
  converged: 'passed',
  held: 'skipped',
  skipped: 'skipped',
  unknown: 'error',
  failed: 'failure',
} as const;

const caseOfOutcome = ({ ref, step, result, reason }: Outcome): Case => ({
  name: ref,
  of: step,
  is: VERDICTS[result],
  message: reason ?? result,
});

const casesOf = ({ resources, untouched }: Outcomes): Case[] => [
  ...resources.map(caseOfOutcome),
  ...untouched.flatMap(({ step, refs }) =>
    refs.map((ref) => caseOfOutcome({ ref, step, result: 'in sync', actions: 0 })),
  ),
];

const caseOfDiffering = ({ ref, is, origin, result }: Differing): Case => ({
  name: ref,
  of: 'phoenix',
  is: result === undefined ? (is === 'unknown' ? 'error' : 'failure') : VERDICTS[result],
  message: result ?? (origin === undefined ? is : `${is} (${origin})`),
});

const caseText = ({ name, of, is, message }: Case): string => {
  const head = `    <testcase classname="${escapeMarkup(of)}" name="${escapeMarkup(name)}"`;
  if (is === 'passed') return `${head}/>`;
  return `${head}><${is} message="${escapeMarkup(message)}"/></testcase>`;
};

const suiteText = (summary: RunSummary, cases: readonly Case[]): string => {
  const count = (is: Case['is']) => cases.filter((one) => one.is === is).length;
  const { run, at, milliseconds, manifest, version, exitCode, inSync } = summary;
  const properties = { run, manifest, version, exitCode: String(exitCode), inSync: String(inSync) };
  return [
    `  <testsuite name="phoenix ${summary.does}" tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="${(milliseconds / 1000).toFixed(3)}" timestamp="${at.slice(0, 19)}">`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([name, value]) => `      <property name="${name}" value="${escapeMarkup(value)}"/>`,
    ),
    '    </properties>',
    ...cases.map(caseText),
    '  </testsuite>',
  ].join('\n');
};

const cutOffText = (run: string): string =>
  `  <testsuite name="phoenix setup" tests="1" failures="0" errors="1" skipped="0">\n${caseText({ name: run, of: 'phoenix', is: 'error', message: 'cut off' })}\n  </testsuite>`;

export const junitText = ({ entry, outcomes }: KeptRun): string => {
  const suite = isCutOff(entry)
    ? cutOffText(entry.run)
    : suiteText(entry, outcomes === undefined ? entry.differed.map(caseOfDiffering) : casesOf(outcomes));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suite}\n</testsuites>\n`;
};
