import { once } from 'node:events';
import { join } from 'node:path';

import { execa } from 'execa';

import { cacheFolder } from './cache.ts';
import { say } from './say.ts';

/**
 * Runs `work` while no other process holds the lock of this name. The kernel gives the lock back when this
 * process ends in any way: `cat` sees the end of its input and flock's file is closed.
 */
export const withLock = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  const path = join(cacheFolder('locks'), name);
  const holder = execa('flock', ['-x', path, 'sh', '-c', 'echo locked; exec cat'], {
    stdin: 'pipe',
    buffer: false,
  });
  const patience = setTimeout(() => {
    say(`waiting for another process that holds ${path}`);
  }, 1000);
  await once(holder.stdout, 'data');
  clearTimeout(patience);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await holder;
  }
};
