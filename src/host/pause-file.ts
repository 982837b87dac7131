/** That runs by the timer are paused: `paused.json` of the state directory. */
import { existsSync, rmSync } from 'node:fs';
import { reasonOf } from '../engine/reading.ts';
import { readRegularFile } from './read-file.ts';
import { stateFolder } from './state-directory.ts';
import { writeCache } from './state-file.ts';

const NAME = 'paused.json';

export interface Pause {
  readonly why: string;
  /** Who paused it, and when; ISO 8601, UTC. */
  readonly by: string;
  readonly since: string;
  /** Left out where only `phoenix resume` ends it. */
  readonly until?: string;
}

/** Without a look into it: a host that never was paused pays no more than this. */
export const mayBePaused = (state: string): boolean => existsSync(`${state}/${NAME}`);

/** One that cannot be read is a pause all the same: somebody wanted one. */
export const readPause = async (state: string, now = Date.now()): Promise<Pause | undefined> => {
  if (!mayBePaused(state)) return undefined;
  const { pauseSchema } = await import('./pause-schema.ts');
  let pause: Pause;
  try {
    const content = readRegularFile(`${state}/${NAME}`);
    if (content === undefined) return undefined;
    pause = pauseSchema.parse(JSON.parse(content.toString('utf8')));
  } catch (error) {
    return {
      why: `${state}/${NAME} cannot be read: ${reasonOf(error)}`,
      by: 'somebody',
      since: 'an unknown time',
    };
  }
  return pause.until !== undefined && Date.parse(pause.until) <= now ? undefined : pause;
};

export const writePause = (state: string, pause: Pause): void => {
  writeCache(stateFolder(state), NAME, `${JSON.stringify(pause)}\n`);
};

export const removePause = (state: string): void => {
  rmSync(`${state}/${NAME}`, { force: true });
};
