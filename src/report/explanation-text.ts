import type { Confirmation } from '../engine/catalog.ts';
import type { Assessment } from '../engine/plan.ts';
import type { Explanation, Related } from '../engine/explanation.ts';
import { escapeControls } from '../host/display.ts';
import { showPath } from '../manifest/show.ts';
import type { Paint } from './paint.ts';
import { remarkLines, resourceLines } from './plan-text.ts';

const relatedLines = (title: string, related: readonly Related[], paint: Paint): string[] =>
  related.length === 0
    ? [`${title}: nothing`]
    : [
        `${title}:`,
        ...related.map(({ ref, state }) => `  ${escapeControls(ref)} ${paint.faint(`(${state})`)}`),
      ];

const stateLines = (explanation: Explanation, assessment: Assessment, paint: Paint): string[] =>
  assessment.is === 'in sync'
    ? [
        `${paint.good('in sync')}: nothing would change`,
        ...remarkLines(explanation.resource.ref, assessment.remarks, paint),
      ]
    : resourceLines({ ref: explanation.resource.ref, step: explanation.step.name, ...assessment }, paint);

const probeText = ({ probe }: Confirmation): string => {
  const asks = [
    ...(probe?.gateway ? ['the gateways answer'] : []),
    ...(probe?.ssh ? ['sshd greets'] : []),
    ...(probe?.command === undefined ? [] : [`${probe.command.join(' ')} ends with 0`]),
  ];
  return asks.length === 0 ? '' : `, or once ${asks.join(' and ')}`;
};

/** What may be cut off, and what happens then. */
const wayBackLines = ({ assessment, confirmation }: Explanation): string[] => {
  const actions = assessment.is === 'drift' ? assessment.actions : [];
  const cut = new Set(actions.flatMap(({ cutsOff }) => (cutsOff === undefined ? [] : [cutsOff])));
  return cut.size === 0 || confirmation === undefined
    ? []
    : [
        `may cut you off, by ${[...cut].join(', ')}: taken back after ${confirmation.within} s unless you run \`phoenix confirm\` from a new login${escapeControls(probeText(confirmation))}`,
      ];
};

export const explanationText = (explanation: Explanation, paint: Paint): string => {
  const { resource, step, assessment, requires, requiredBy } = explanation;
  return [
    `${paint.strong(escapeControls(resource.ref))}, of step ${step.number}, ${step.name}; declared at ${showPath(resource.at)}`,
    ...stateLines(explanation, assessment, paint),
    ...wayBackLines(explanation),
    ...relatedLines('requires', requires, paint),
    ...relatedLines('required by', requiredBy, paint),
    '',
  ].join('\n');
};
