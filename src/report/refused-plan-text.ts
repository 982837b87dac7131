/** Why a saved plan is not carried out, and what is otherwise than it was. */
import type { PlannedResource } from '../engine/plan.ts';
import type { Ref } from '../engine/resource-type.ts';
import { escapeControls } from '../host/display.ts';
import type { Paint } from './paint.ts';
import { resourceLines } from './plan-text.ts';

interface Refused {
  readonly message: string;
  readonly differences: readonly {
    readonly ref: Ref;
    readonly was?: PlannedResource;
    readonly now?: PlannedResource;
  }[];
}

const side = (when: string, resource: PlannedResource | undefined, paint: Paint): string[] => [
  `  ${when}:${resource === undefined ? ' in sync' : ''}`,
  ...(resource === undefined ? [] : resourceLines(resource, paint).map((line) => `    ${line}`)),
];

export const refusedPlanText = ({ message, differences }: Refused, paint: Paint): string =>
  [
    ...differences.flatMap(({ ref, was, now }) => [
      paint.strong(escapeControls(ref)),
      ...side('saved', was, paint),
      ...side('now', now, paint),
    ]),
    `${escapeControls(message)}; nothing was changed`,
    '',
  ].join('\n');
