import type { SetupOptions } from '../setting.ts';
import { mustBeAsSaved } from './apply.ts';
import { savePlan } from './save.ts';
import type { Now } from './saved-plan.ts';

/** A plan that was saved must be what is planned now; one that is to be saved is kept. */
export const saveOrCompare = ({ plan, save }: Pick<SetupOptions, 'plan' | 'save'>, now: Now): void => {
  if (plan !== undefined) mustBeAsSaved(plan, now);
  if (save !== undefined) savePlan(save, now);
};
