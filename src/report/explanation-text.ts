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

export const explanationText = (explanation: Explanation, paint: Paint): string => {
  const { resource, step, assessment, requires, requiredBy } = explanation;
  return [
    `${paint.strong(escapeControls(resource.ref))}, of step ${step.number}, ${step.name}; declared at ${showPath(resource.at)}`,
    ...stateLines(explanation, assessment, paint),
    ...relatedLines('requires', requires, paint),
    ...relatedLines('required by', requiredBy, paint),
    '',
  ].join('\n');
};
