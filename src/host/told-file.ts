/**
 * What was told last, and to whom: `told.json` of the state directory. The latter is for a run that cannot read the
 * manifest any more: that is what somebody should hear of first.
 */
import { rmSync } from 'node:fs';
import type { Notify, Told } from '../engine/notify.ts';
import { readRegularFile } from './read-file.ts';
import { stateFolder } from './state-directory.ts';
import { writeCache } from './state-file.ts';

const NAME = 'told.json';

export interface KeptTelling {
  readonly told?: Told | undefined;
  readonly notify: Notify;
}

/** What is damaged is as good as nothing: then something is told once more. */
export const readTelling = async (state: string): Promise<KeptTelling | undefined> => {
  try {
    const content = readRegularFile(`${state}/${NAME}`);
    if (content === undefined) return undefined;
    const { toldSchema } = await import('./told-schema.ts');
    return toldSchema.parse(JSON.parse(content.toString('utf8')));
  } catch {
    return undefined;
  }
};

/** Not where nothing is new. */
export const keepTelling = (state: string, telling: KeptTelling, before: KeptTelling | undefined): void => {
  const text = JSON.stringify(telling);
  if (text !== JSON.stringify(before)) writeCache(stateFolder(state), NAME, `${text}\n`);
};

/** Nobody is to be told any more, not even of a manifest that cannot be read. */
export const forgetTelling = (state: string): void => {
  rmSync(`${state}/${NAME}`, { force: true });
};
