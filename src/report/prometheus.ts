/** The last run as metrics, for the textfile collector of Prometheus' node_exporter. No timestamps: it takes none. */
import { isCutOff, type KeptRun } from '../engine/kept-run.ts';
import { EXIT } from '../engine/outcome.ts';
import type { RunSummary } from '../engine/run-summary.ts';

const label = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

const metric = (name: string, help: string, samples: readonly Sample[]): string[] => [
  `# HELP phoenix_${name} ${help}`,
  `# TYPE phoenix_${name} gauge`,
  ...samples.map(([labels, value]) => {
    const told = Object.entries(labels).map(([key, text]) => `${key}="${label(text)}"`);
    return `phoenix_${name}${told.length === 0 ? '' : `{${told.join(',')}}`} ${value}`;
  }),
];

const GOOD: ReadonlySet<number> = new Set([EXIT.done]);

const ofRun = (summary: RunSummary): string[] => {
  const { does, at, exitCode, milliseconds, inSync, actions, owed, differed, more = 0 } = summary;
  const of = { does };
  const count = (test: (one: (typeof differed)[number]) => boolean) => differed.filter(test).length;
  const bad = (result: string) => count((one) => one.result === result);
  return [
    ...metric('last_run_timestamp_seconds', 'When the last run began.', [[of, Date.parse(at) / 1000]]),
    ...metric('last_run_duration_seconds', 'How long it took.', [[of, milliseconds / 1000]]),
    ...metric('last_run_success', 'Whether it ended with 0.', [[of, GOOD.has(exitCode) ? 1 : 0]]),
    ...metric('last_run_exit_code', 'How it ended.', [[of, exitCode]]),
    ...metric('last_run_actions', 'Actions that it carried out.', [[of, actions]]),
    ...metric('resources', 'Resources by how they stood when it began.', [
      [{ state: 'in_sync' }, inSync],
      [{ state: 'drifted' }, count(({ origin }) => origin === 'drift')],
      [{ state: 'changed' }, count(({ origin }) => origin === 'change')],
      [{ state: 'new' }, count(({ origin }) => origin === 'new')],
      [{ state: 'unreadable' }, count(({ is }) => is === 'unknown')],
      [{ state: 'not_listed' }, more],
    ]),
    ...metric('resources_not_converged', 'Resources that it left as they were.', [
      [{ result: 'failed' }, bad('failed')],
      [{ result: 'held' }, bad('held')],
      [{ result: 'skipped' }, bad('skipped')],
      [{ result: 'unreadable' }, bad('unknown')],
    ]),
    ...metric('debts', 'Restarts and reloads that are still owed.', [[{}, owed]]),
    ...metric('info', 'The version, and the manifest by its hash.', [
      [{ version: summary.version, manifest: summary.manifest.slice(0, 12) }, 1],
    ]),
  ];
};

export const prometheusText = ({ entry }: KeptRun): string => {
  const lines = isCutOff(entry)
    ? metric('last_run_success', 'Whether it ended with 0.', [[{ does: 'setup' }, 0]])
    : ofRun(entry);
  return `${lines.join('\n')}\n`;
};
