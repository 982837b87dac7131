/**
 * One run at a time. The lock is flock(2) on an open file, taken for us by flock(1) on an inherited descriptor: the
 * kernel lets it go when we die, however we die.
 */
import { spawn } from 'node:child_process';
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { sweep } from './durable.ts';
import { findProgram } from './programs.ts';
import { stateFolder } from './state-directory.ts';

export interface Holder {
  readonly pid: number;
  readonly command: string;
  readonly user: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

export class LockHeld extends Error {
  readonly holder: Holder | undefined;

  constructor(path: string, holder: Holder | undefined) {
    super(
      holder === undefined
        ? `another run holds ${path}`
        : `another run is under way: pid ${holder.pid} (${holder.command}), started by ${holder.user} ${ageOf(holder.since)} ago`,
    );
    this.holder = holder;
  }
}

const ageOf = (since: string): string => {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(since)) / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
};

const holderIn = (path: string): Holder | undefined => {
  try {
    const { pid, command, user, since } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>;
    if (pid === undefined || command === undefined || user === undefined || since === undefined)
      return undefined;
    return { pid, command, user, since };
  } catch {
    // The holder has not written itself down yet.
    return undefined;
  }
};

const flock = async (descriptor: number): Promise<boolean> => {
  const program = findProgram('flock');
  if (program === undefined) throw new Error('flock(1) is not installed; it is part of util-linux');
  // Not execa: it does not hand an open descriptor of ours to the child.
  const child = spawn(program, ['--nonblock', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
    env: {},
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve).once('error', reject);
  });
  if (exitCode !== 0 && exitCode !== 1) throw new Error(`flock: exit code ${exitCode ?? 'none'}`);
  return exitCode === 0;
};

/** What a killed run left while it wrote its own state. */
const sweepState = (state: string): void => {
  const directory = openSync(state, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    sweep(directory);
  } finally {
    closeSync(directory);
  }
};

/** Takes the lock, or throws `LockHeld`. Returns what lets it go. */
export const takeLock = async (state: string, holder: Holder): Promise<() => void> => {
  const path = `${stateFolder(state)}/lock`;
  const descriptor = openSync(path, 'a+', 0o600);
  try {
    if (!(await flock(descriptor))) throw new LockHeld(path, holderIn(path));
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  try {
    ftruncateSync(descriptor);
    writeSync(descriptor, JSON.stringify(holder));
    sweepState(state);
  } catch {
    // A full disk: the lock is held all the same, only nobody can be told by whom.
  }
  return () => {
    ftruncateSync(descriptor);
    closeSync(descriptor);
  };
};
