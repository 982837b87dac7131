/** A run as one page: nothing to load, no script, and a policy in it that forbids both. */
import { isCutOff, type CutOffRun, type KeptRun } from '../engine/kept-run.ts';
import { EXIT, type Outcomes } from '../engine/outcome.ts';
import type { Differing, RunSummary } from '../engine/run-summary.ts';
import { seconds, verdictOf } from './history-text.ts';
import { resourceHtml, text } from './html-resource.ts';
import { STYLE } from './html-style.ts';

const tintOf = ({ exitCode }: RunSummary): string => {
  if (exitCode === EXIT.done) return 'good';
  return exitCode === EXIT.failed ? 'bad' : 'warn';
};

const page = (title: string, body: string): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;

const factsHtml = (facts: readonly (readonly [string, string])[]): string =>
  `<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${text(value)}</dd>`).join('')}</dl>`;

const headHtml = (host: string, summary: RunSummary): string => {
  const { run, at, does, by, version, manifest, exitCode, milliseconds, inSync, actions } = summary;
  return `<h1>${text(host)} <span class="badge ${tintOf(summary)}">${verdictOf(summary)}</span></h1>${factsHtml(
    [
      ['run', run],
      ['began', `${at.slice(0, 19).replace('T', ' ')} UTC, took ${seconds(milliseconds)}`],
      ['what', `${does === 'check' ? 'setup --check' : does}, started by ${by}`],
      ['exit code', String(exitCode)],
      ['in sync', String(inSync)],
      ['actions', String(actions)],
      ['manifest', manifest.slice(0, 12)],
      ['phoenix', version],
    ],
  )}`;
};

/** What needs somebody comes first. */
const BAD: ReadonlySet<string | undefined> = new Set(['failed', 'unknown', 'held', 'skipped', undefined]);
const byUrgency = (all: readonly Differing[]): readonly Differing[] => [
  ...all.filter(({ result }) => BAD.has(result)),
  ...all.filter(({ result }) => !BAD.has(result)),
];

const differedHtml = ({ entry, plan, outcomes }: KeptRun & { readonly entry: RunSummary }): string => {
  if (entry.differed.length === 0) return '<p>Everything was as the manifest says.</p>';
  const planned = new Map(plan?.resources.map((one) => [one.ref, one]));
  const ended = new Map(outcomes?.resources.map((one) => [one.ref, one]));
  const all = byUrgency(entry.differed).map((one) =>
    resourceHtml(one, planned.get(one.ref), ended.get(one.ref)),
  );
  const more = entry.more === undefined ? '' : `<p class="faint">… ${entry.more} more</p>`;
  return `<h2>What differed</h2>\n${all.join('\n')}${more}`;
};

const listHtml = (title: string, items: readonly string[]): string =>
  items.length === 0
    ? ''
    : `<h2>${title}</h2><ul>${items.map((item) => `<li>${text(item)}</li>`).join('')}</ul>`;

const endHtml = ({ unpaid, paid, notes, resources, untouched }: Outcomes): string => {
  const quiet = [
    ...resources.filter(({ result }) => result === 'in sync').map(({ ref }) => ref),
    ...untouched.flatMap(({ refs }) => refs),
  ];
  const quietList =
    quiet.length === 0
      ? ''
      : `<details><summary>${quiet.length} in sync</summary><ul>${quiet.map((ref) => `<li><code>${text(ref)}</code></li>`).join('')}</ul></details>`;
  return [
    listHtml(
      'Still owed',
      unpaid.map(({ owed, reason }) => `${owed.debt.description}: ${reason}`),
    ),
    listHtml(
      'Restarted and reloaded',
      paid.map(({ debt }) => debt.description),
    ),
    listHtml(
      'Worth knowing',
      notes.map((note) => `${note.ref}: ${note.text}`),
    ),
    quietList,
  ].join('\n');
};

const cutOffHtml = (host: string, { run, at, during }: CutOffRun): string =>
  `<h1>${text(host)} <span class="badge bad">cut off</span></h1>${factsHtml([
    ['run', run],
    ['began', at],
    ['during', during === undefined ? 'not known' : `${during.description}, of ${during.ref}`],
  ])}`;

export const htmlText = (kept: KeptRun): string => {
  const { host, entry, outcomes } = kept;
  const title = `${text(host)}: run ${entry.run}`;
  if (isCutOff(entry)) return page(title, cutOffHtml(host, entry));
  const end = outcomes === undefined ? '' : endHtml(outcomes);
  return page(title, [headHtml(host, entry), differedHtml({ ...kept, entry }), end].join('\n'));
};
