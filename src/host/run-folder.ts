/** The folders of runs: `runs/20261127T190733Z-bd0a04` of the state directory, named by the time at which they began. */
import { readdirSync } from 'node:fs';
import type { KeptRun } from '../engine/kept-run.ts';
import { isCode } from './errors.ts';
import { readRegularFile } from './read-file.ts';

const NAME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-f]{6}$/;

/** When a run began, by its name: ISO 8601. Undefined for what is no run's name. */
export const beganAt = (run: string): string | undefined => {
  const [, year, month, day, hour, minute, second] = NAME.exec(run) ?? [];
  return year === undefined
    ? undefined
    : `${year}-${String(month)}-${String(day)}T${String(hour)}:${String(minute)}:${String(second)}.000Z`;
};

/** The oldest first. */
export const runFolders = (state: string): readonly string[] => {
  try {
    return readdirSync(`${state}/runs`)
      .filter((name) => NAME.test(name))
      .sort();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
};

/** The plan and the outcomes of a run; undefined if there is no report of it, or it is damaged. */
export const readReport = async (
  state: string,
  run: string,
): Promise<Required<Pick<KeptRun, 'plan' | 'outcomes'>> | undefined> => {
  try {
    const content = readRegularFile(`${state}/runs/${run}/report.json`);
    if (content === undefined) return undefined;
    const { reportSchema } = await import('./plan-schema.ts');
    return reportSchema.parse(JSON.parse(content.toString('utf8')));
  } catch {
    return undefined;
  }
};
