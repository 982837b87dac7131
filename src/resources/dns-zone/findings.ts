/** What the plan says alike of both programs. */
import type { Change, Refusal } from '../../engine/action.ts';

export const textChange = (path: string, from: string | undefined, to: string | undefined): Change[] =>
  from === to ? [] : [{ path, from: from ?? '', to: to ?? '', as: 'text' }];

export const refuseForeign = (zone: string, foreign: readonly string[]): Refusal => ({
  refuses:
    `zone ${zone} or names of it are in files that are not ours, and would be answered with a mixture; ` +
    `take them out there, or here: ${foreign.join('; ')}`,
  changes: [{ path: 'name', from: foreign, to: zone }],
});
