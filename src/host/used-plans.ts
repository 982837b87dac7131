/** Which saved plans were carried out: a file each in `plans/` of the state directory, until the plan has expired. */
import { readdirSync, rmSync } from 'node:fs';
import { writeNewFile } from './new-file.ts';
import { readRegularFile } from './read-file.ts';
import { stateFolder } from './state-directory.ts';

export interface Use {
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** From then on the plan is refused for its age, and this may be forgotten. */
  readonly expires: string;
}

const FOLDER = 'plans';

/** What cannot be made out is a use all the same. */
const parse = (content: Buffer): Use => {
  try {
    return JSON.parse(content.toString('utf8')) as Use;
  } catch {
    return { run: 'unknown', at: 'an unknown time', expires: '' };
  }
};

export const usedBy = (state: string, id: string): Use | undefined => {
  const content = readRegularFile(`${state}/${FOLDER}/${id}`);
  return content === undefined ? undefined : parse(content);
};

const forgetExpired = (folder: string, state: string): void => {
  for (const id of readdirSync(folder)) {
    const expires = Date.parse(usedBy(state, id)?.expires ?? '');
    if (expires < Date.now()) rmSync(`${folder}/${id}`);
  }
};

/** On the disk when this returns. Throws if it was used before. Only for who holds the lock. */
export const markUsed = (state: string, id: string, use: Use): void => {
  const folder = stateFolder(state, FOLDER);
  forgetExpired(folder, state);
  writeNewFile(`${folder}/${id}`, `${JSON.stringify(use)}\n`);
};
