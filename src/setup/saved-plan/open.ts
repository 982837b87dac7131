import { reasonOf } from '../../engine/reading.ts';
import { readTrustedFile } from '../../host/trusted-file.ts';
import { NoPlan } from './refused.ts';
import type { OpenedPlan } from './saved-plan.ts';
import { savedPlanSchema } from './schema.ts';

/** Under the same trust as the manifest. */
export const openPlan = (file: string): OpenedPlan => {
  const text = readTrustedFile(file).toString('utf8');
  try {
    return { file, saved: savedPlanSchema.parse(JSON.parse(text)) };
  } catch (error) {
    const why = error instanceof SyntaxError ? reasonOf(error) : 'it has not the form of one';
    throw new NoPlan(`${file} is no plan that this phoenix has saved: ${why}; save a new one with --save`);
  }
};
