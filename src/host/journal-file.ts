/**
 * The journal of a run: one JSON line before and one after each action, on the disk before the program goes on. A link
 * in the state directory names the run that is under way, so that the next run finds one that was cut off.
 */
import { closeSync, fsyncSync, lstatSync, openSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import type { Action } from '../engine/action.ts';
import type { Journal } from '../engine/journal.ts';
import type { Ref } from '../engine/resource-type.ts';
import { writeAll } from './durable.ts';
import { readRegularFile } from './read-file.ts';
import { stateFolder } from './state-directory.ts';

const UNDER_WAY = 'under-way';

export interface JournalFile extends Journal {
  /** The run has ended in good order. */
  close(): void;
}

const syncFolder = (folder: string): void => {
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
};

/** The file is made when the first action begins: a run that changes nothing leaves no journal. */
export const journalIn = (
  state: string,
  run: string,
  about: object,
  declared: (ref: Ref) => object | undefined = () => undefined,
): JournalFile => {
  const told = new Set<Ref>();
  let descriptor: number | undefined;
  let pending = '';
  let count = 0;

  const open = (): number => {
    const folder = stateFolder(state, 'runs', run);
    const opened = openSync(`${folder}/journal.jsonl`, 'ax', 0o600);
    pending = `${JSON.stringify({ is: 'run', run, at: new Date().toISOString(), ...about })}\n`;
    syncFolder(folder);
    removeLink(state);
    symlinkSync(`runs/${run}`, `${state}/${UNDER_WAY}`);
    syncFolder(state);
    return opened;
  };
  const sync = (): void => {
    if (descriptor === undefined || pending === '') return;
    writeAll(descriptor, Buffer.from(pending));
    pending = '';
    fsyncSync(descriptor);
  };

  return {
    begins(ref, action: Action, pays) {
      descriptor ??= open();
      count += 1;
      // How it is declared goes with its first action: by that a rollback knows what has become of it.
      const resource = told.has(ref) ? undefined : declared(ref);
      told.add(ref);
      // The end of the action before is written with it: one sync lies between any two actions.
      pending += `${JSON.stringify({ is: 'begin', n: count, ref, pays, ...action, resource })}\n`;
      sync();
    },
    ended(ref, error) {
      pending += `${JSON.stringify({ is: 'end', n: count, ref, ...(error === undefined ? {} : { error }) })}\n`;
    },
    close() {
      if (descriptor === undefined) return;
      pending += `${JSON.stringify({ is: 'close', at: new Date().toISOString() })}\n`;
      sync();
      closeSync(descriptor);
      descriptor = undefined;
      removeLink(state);
    },
  };
};

const removeLink = (state: string): void => {
  if (lstatSync(`${state}/${UNDER_WAY}`, { throwIfNoEntry: false }) !== undefined)
    unlinkSync(`${state}/${UNDER_WAY}`);
};

/** What a run that was cut off was doing. */
export interface CutOff {
  readonly run: string;
  /** The action that had begun and not ended, if it is known. */
  readonly during?: { readonly ref: string; readonly description: string };
}

const lastBegun = (path: string): CutOff['during'] => {
  const journal = readRegularFile(path)?.toString('utf8') ?? '';
  let open: { ref: string; description: string } | undefined;
  for (const line of journal.split('\n')) {
    try {
      const entry = JSON.parse(line) as { is: string; ref: string; description: string };
      if (entry.is === 'begin') open = { ref: entry.ref, description: entry.description };
      else open = undefined;
    } catch {
      // The last line may be cut off too.
    }
  }
  return open;
};

/** What a run was doing when it left off; undefined if it had ended what it did. */
export const duringOf = (state: string, run: string): CutOff['during'] =>
  lastBegun(`${state}/runs/${run}/journal.jsonl`);

/** The run that has a journal and has not ended it. */
export const runUnderWay = (state: string): string | undefined => {
  try {
    return readlinkSync(`${state}/${UNDER_WAY}`).replace(/^runs\//, '');
  } catch {
    return undefined;
  }
};

/** The run that a crash, a kill or a power cut ended, if there is one. */
export const findCutOff = (state: string): CutOff | undefined => {
  const run = runUnderWay(state);
  if (run === undefined) return undefined;
  try {
    const during = duringOf(state, run);
    return during === undefined ? { run } : { run, during };
  } catch {
    return undefined;
  }
};

/** Its successor has converged the host, or found nothing to do. */
export const forgetCutOff = (state: string): void => {
  removeLink(state);
};
