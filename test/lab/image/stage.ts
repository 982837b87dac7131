import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';

import { cacheFolder, keepFresh } from '../cache.ts';
import { say, timed } from '../say.ts';
import { fingerprint } from './fingerprint.ts';

/** One part of the image build: a script that fills the folder OUT, and the values that decide what comes out. */
export interface Stage {
  readonly name: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** What the script depends on besides its own text. */
  readonly inputs: readonly string[];
}

const TIMEOUT = 40 * 60_000;
const NAMESPACES = [
  '--pdeathsig',
  'KILL',
  'unshare',
  '--mount',
  '--pid',
  '--fork',
  '--kill-child=KILL',
  '--mount-proc',
];

const runScript = async (stage: Stage, out: string): Promise<void> => {
  const log = join(cacheFolder('logs'), `${stage.name}.log`);
  // In namespaces of its own, a build that is stopped in any way leaves no process and no mount behind.
  const { failed } = await execa('setpriv', [...NAMESPACES, 'bash', stage.script], {
    // mmdebstrap changes users inside the new root, which must not end in the folder of the caller.
    cwd: '/',
    env: { ...stage.env, OUT: out },
    stdin: 'ignore',
    stdout: { file: log },
    stderr: { file: log },
    reject: false,
    timeout: TIMEOUT,
  });
  if (!failed) return;
  const tail = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-30).join('\n');
  throw new Error(`image stage ${stage.name} failed; the end of ${log}:\n${tail}`);
};

/** The folder with the result of a stage: from the cache, or made now. A half-made folder never has the final name. */
export const runStage = async (stage: Stage): Promise<string> => {
  const key = fingerprint(await readFile(stage.script, 'utf8'), ...stage.inputs);
  const folder = join(cacheFolder('image'), `${stage.name}-${key}`);
  if (existsSync(folder)) {
    keepFresh(folder);
    return folder;
  }
  if (process.getuid?.() !== 0) {
    throw new Error(
      `building the image of the lab needs root, for chroot and for files of many owners: run the same with sudo`,
    );
  }
  const partial = cacheFolder('image', `.${stage.name}-${key}.${process.pid}`);
  try {
    await timed(`image: ${stage.name}`, async () => {
      await runScript(stage, partial);
    });
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  say(`image: ${stage.name} is kept in ${folder}`);
  return folder;
};
