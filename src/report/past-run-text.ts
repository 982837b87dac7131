/** One past run for people: its head, what differed and why, how it ended. */
import { isCutOff, type KeptRun } from '../engine/kept-run.ts';
import type { RunSummary } from '../engine/run-summary.ts';
import { escapeControls } from '../host/display.ts';
import { endText, WORDS } from './end-text.ts';
import { oneLine, seconds, verdictOf, whyText } from './history-text.ts';
import type { Paint } from './paint.ts';
import { planText } from './plan-text.ts';

export const ORIGINS = {
  drift: 'changed on the host',
  change: 'changed in the manifest',
  new: 'new in the manifest',
} as const;

const headLines = (summary: RunSummary, paint: Paint): string[] => {
  const { run, at, does, by, version, manifest, exitCode, milliseconds } = summary;
  const why = whyText(summary.differed);
  return [
    `${paint.strong(`run ${run}`)}: ${does === 'check' ? 'setup --check' : does}, ${verdictOf(summary)} (exit code ${exitCode})`,
    `began ${at}, took ${seconds(milliseconds)}, started by ${oneLine(by)}`,
    `phoenix ${oneLine(version)}, manifest ${manifest.slice(0, 12)}`,
    `${summary.inSync} in sync${why.length === 0 ? '' : `; ${why.join(', ')}`}`,
  ];
};

/** Of a check only the names are kept. */
const differedLines = ({ differed, more }: RunSummary, paint: Paint): string[] => [
  ...differed.map(({ ref, is, origin, result }) => {
    const why = origin === undefined ? '' : `, ${ORIGINS[origin]}`;
    return `${paint.strong(escapeControls(ref))}: ${result === undefined ? (is === 'unknown' ? 'unreadable' : is) : WORDS[result]}${why}`;
  }),
  ...(more === undefined ? [] : [`… ${more} more`]),
];

export const pastRunText = ({ entry, plan, outcomes }: KeptRun, paint: Paint): string => {
  if (isCutOff(entry)) {
    const during =
      entry.during === undefined
        ? ''
        : ` during "${escapeControls(entry.during.description)}" of ${escapeControls(entry.during.ref)}`;
    return `${paint.strong(`run ${entry.run}`)}: cut off${during}, or still under way\nbegan ${entry.at}\n`;
  }
  const detailed =
    plan === undefined || outcomes === undefined
      ? ''
      : `\n${planText(plan, paint)}\n${endText(outcomes, entry.milliseconds, paint)}`;
  return `${[...headLines(entry, paint), ...differedLines(entry, paint)].join('\n')}\n${detailed}`;
};
