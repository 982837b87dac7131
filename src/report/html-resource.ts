/** One resource of the page: why it differed, what was done, how it ended, how to take it back. */
import { riskOf, type Action, type Change } from '../engine/action.ts';
import type { Outcome, Result } from '../engine/outcome.ts';
import type { PlannedResource } from '../engine/plan.ts';
import type { Differing } from '../engine/run-summary.ts';
import { escapeControls } from '../host/display.ts';
import { diffLines } from './diff-view.ts';
import { escapeMarkup } from './junit.ts';
import type { Paint } from './paint.ts';
import { WORDS } from './end-text.ts';
import { ORIGINS } from './past-run-text.ts';
import { valueText } from './plan-text.ts';

/** Text of the host or the manifest, harmless in a page. */
export const text = (raw: string): string => escapeMarkup(escapeControls(raw));

const tinted = (tint: string) => (line: string) => `<span class="${tint}">${line}</span>`;

const PLAIN: Paint = {
  good: (line) => `+${line}`,
  warn: (line) => ` ${line}`,
  bad: (line) => `-${line}`,
  faint: (line) => ` ${line}`,
  strong: (line) => line,
};

/** The first character says which colour the line is to have: markup is made after the line was escaped. */
const diffLine = (marked: string): string => {
  const tint = marked.startsWith('+') ? 'good' : marked.startsWith('-') ? 'bad' : 'faint';
  return tinted(tint)(escapeMarkup(marked.slice(1)));
};

const changeHtml = ({ path, from, to, as }: Change): string => {
  const name = `<code>${text(path)}</code>`;
  if (as === 'secret') return `<li>${name}: secret, changed</li>`;
  if (as !== 'text')
    return `<li>${name}: ${escapeMarkup(valueText(from))} → ${escapeMarkup(valueText(to))}</li>`;
  const whole = (value: unknown) => (typeof value === 'string' ? value : '');
  return `<li>${name}:<pre>${diffLines(whole(from), whole(to), PLAIN).map(diffLine).join('\n')}</pre></li>`;
};

const changesHtml = (changes: readonly Change[]): string =>
  changes.length === 0 ? '' : `<ul>${changes.map(changeHtml).join('')}</ul>`;

const actionHtml = (action: Action): string => {
  const risk = riskOf(action);
  const told =
    risk === 'safe' ? '' : ` <span class="${risk === 'destructive' ? 'bad' : 'warn'}">${risk}</span>`;
  const then = (action.owes ?? []).map(({ description }) => text(description));
  const undo = 'none' in action.undo ? `<p class="faint">no undo: ${text(action.undo.none)}</p>` : '';
  return `<p>${text(action.description)}${then.length === 0 ? '' : `, then ${then.join(', ')}`}${told}</p>${changesHtml(action.changes)}${undo}`;
};

const TINTS: Readonly<Record<Result, string>> = {
  'in sync': 'good',
  converged: 'good',
  held: 'warn',
  skipped: 'warn',
  unknown: 'bad',
  failed: 'bad',
};

const badge = ({ is, result }: Differing): string => {
  if (result !== undefined) return `<span class="badge ${TINTS[result]}">${WORDS[result]}</span>`;
  return `<span class="badge ${is === 'unknown' ? 'bad' : 'warn'}">${is === 'unknown' ? 'unreadable' : is}</span>`;
};

const findingsHtml = (planned: PlannedResource): string => {
  if (planned.is === 'drift') return planned.actions.map(actionHtml).join('');
  if (planned.is === 'unknown') return `<p>${text(planned.reason)}</p>`;
  return planned.refusals
    .map(({ refuses, changes }) => `<p>${text(refuses)}</p>${changesHtml(changes)}`)
    .join('');
};

export const resourceHtml = (
  differing: Differing,
  planned: PlannedResource | undefined,
  outcome: Outcome | undefined,
): string => {
  const { ref, origin } = differing;
  // What could not be read, and what is refused, says so itself.
  const told = planned !== undefined && planned.is !== 'drift';
  const reason = told || outcome?.reason === undefined ? '' : `<p class="bad">${text(outcome.reason)}</p>`;
  const remains = outcome?.remains === undefined ? '' : changesHtml(outcome.remains);
  const why = origin === undefined ? '' : `<p class="faint">${ORIGINS[origin]}</p>`;
  return `<article><header><h3>${text(ref)}</h3>${badge(differing)}</header>${why}${reason}${remains}${planned === undefined ? '' : findingsHtml(planned)}</article>`;
};
