/** The plan on screen: a line for each action with its sign and risk, what changes below, a total at the end. */
import { riskOf, RISKS, type Action, type Change, type Risk } from '../engine/action.ts';
import { actionsOf, type Awaited, type OwedDebt, type Plan, type PlannedResource } from '../engine/plan.ts';
import { escapeControls } from '../host/display.ts';
import { diffLines } from './diff-view.ts';
import type { Paint } from './paint.ts';

const MAX_VALUE = 160;

/** A value on one line, shortened, without control characters. */
export const valueText = (value: unknown): string => {
  if (value === null || value === undefined) return 'none';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const shown = escapeControls(text).replaceAll('\n', '\\n');
  return shown.length > MAX_VALUE ? `${shown.slice(0, MAX_VALUE)}…` : shown === '' ? "''" : shown;
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const changeLines = ({ path, from, to, as }: Change, paint: Paint): string[] => {
  if (as === 'secret') return [`    ${escapeControls(path)}: (secret, changed)`];
  if (as === 'text')
    return [
      `    ${escapeControls(path)}:`,
      ...diffLines(textOf(from), textOf(to), paint).map((line) => `      ${line}`),
    ];
  return [`    ${escapeControls(path)}: ${valueText(from)} → ${valueText(to)}`];
};

const isNothing = (value: unknown): boolean => value === null || value === undefined;

/** `+` makes, `-` removes, `~` changes. */
const signOf = ({ changes }: Action, paint: Paint): string => {
  if (changes.length > 0 && changes.every(({ from }) => isNothing(from))) return paint.good('+');
  if (changes.length > 0 && changes.every(({ to }) => isNothing(to))) return paint.bad('-');
  return paint.warn('~');
};

const riskText = (risk: Risk, paint: Paint): string => {
  if (risk === 'safe') return '';
  return risk === 'disruptive' ? `  ${paint.warn(`[${risk}]`)}` : `  ${paint.bad(`[${risk}]`)}`;
};

const wayBackText = ({ cutsOff }: Action, paint: Paint): string =>
  cutsOff === undefined ? '' : `  ${paint.warn('[taken back unless confirmed]')}`;

const actionLines = (ref: string, action: Action, paint: Paint): string[] => {
  const owes = (action.owes ?? []).map(({ description }) => description);
  const then = owes.length === 0 ? '' : paint.faint(`, then ${owes.join(', ')}`);
  return [
    `${signOf(action, paint)} ${paint.strong(escapeControls(ref))}: ${escapeControls(action.description)}${then}${riskText(riskOf(action), paint)}${wayBackText(action, paint)}`,
    ...action.changes.flatMap((change) => changeLines(change, paint)),
  ];
};

/** What was noticed about a resource, whether it differs or not. */
export const remarkLines = (ref: string, remarks: readonly string[] | undefined, paint: Paint): string[] =>
  (remarks ?? []).map(
    (text) => `${paint.warn('#')} ${paint.strong(escapeControls(ref))}: ${escapeControls(text)}`,
  );

export const resourceLines = (resource: PlannedResource, paint: Paint): string[] => [
  ...findingLines(resource, paint),
  ...(resource.leads ?? []).map((lead) =>
    paint.faint(`    lead: ${escapeControls(lead).replaceAll('\n', '\\n')}`),
  ),
  ...remarkLines(resource.ref, resource.remarks, paint),
];

const findingLines = (resource: PlannedResource, paint: Paint): string[] => {
  const name = paint.strong(escapeControls(resource.ref));
  switch (resource.is) {
    case 'drift':
      return resource.actions.flatMap((action) => actionLines(resource.ref, action, paint));
    case 'refused':
      return resource.refusals.flatMap(({ refuses, changes }) => [
        `${paint.bad('!')} ${name}: refused: ${escapeControls(refuses)}`,
        ...changes.flatMap((change) => changeLines(change, paint)),
      ]);
    case 'unknown':
      return [`${paint.bad('?')} ${name}: unreadable: ${escapeControls(resource.reason)}`];
  }
};

const owedLines = ({ debt, why, since }: OwedDebt, paint: Paint): string =>
  `${paint.warn('*')} owed since ${since}: ${escapeControls(debt.description)} (for ${why.map(escapeControls).join(', ')})${riskText(debt.risk, paint)}`;

/** A reboot is owed as a whole, and this is what for. */
export const rebootLines = (awaited: readonly Awaited[] | undefined, paint: Paint): string[] =>
  (awaited ?? []).map(
    ({ ref, brings, since }) =>
      `${paint.warn('*')} a reboot is owed since ${since}: after it ${escapeControls(brings)} (for ${escapeControls(ref)})`,
  );

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const total = (plan: Plan): string => {
  const actions = actionsOf(plan);
  const byRisk = RISKS.map((risk) => [risk, actions.filter((one) => one.risk === risk).length] as const)
    .filter(([, count]) => count > 0)
    .map(([risk, count]) => `${count} ${risk}`);
  const count = (is: PlannedResource['is']) => plan.resources.filter((resource) => resource.is === is).length;
  const parts = [
    `${plural(actions.length, 'action')} on ${plural(count('drift'), 'resource')}${byRisk.length === 0 ? '' : ` (${byRisk.join(', ')})`}`,
    ...(count('refused') === 0 ? [] : [`${count('refused')} refused`]),
    ...(count('unknown') === 0 ? [] : [`${count('unknown')} unreadable`]),
    ...(plan.owed.length === 0 ? [] : [`${plan.owed.length} owed`]),
    ...(plan.reboot === undefined ? [] : ['a reboot owed']),
    `${plan.inSync} in sync`,
  ];
  return `Plan: ${parts.join('; ')}`;
};

/** Whether somebody changed the host or the manifest; said only where an earlier run is known. */
const originLines = ({ resources }: Plan): string[] => {
  const count = (origin: PlannedResource['origin']) =>
    resources.filter((one) => one.origin === origin).length;
  const [drift, change] = [count('drift'), count('change')];
  if (drift + change === 0) return [];
  const parts = [
    ...(drift === 0
      ? []
      : [
          `${plural(drift, 'resource')} changed on the host since phoenix last saw ${drift === 1 ? 'it' : 'them'} in sync`,
        ]),
    ...(change === 0 ? [] : [`${plural(change, 'resource')} changed in the manifest`]),
    ...(count('new') === 0 ? [] : [`${count('new')} new`]),
  ];
  return [`Why: ${parts.join('; ')}`];
};

export const planText = (plan: Plan, paint: Paint): string =>
  [
    ...plan.resources.flatMap((resource) => resourceLines(resource, paint)),
    ...(plan.remarked ?? []).flatMap(({ ref, remarks }) => remarkLines(ref, remarks, paint)),
    ...plan.owed.map((owed) => owedLines(owed, paint)),
    ...originLines(plan),
    ...rebootLines(plan.reboot, paint),
    total(plan),
    '',
  ].join('\n');
