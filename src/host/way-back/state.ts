/**
 * What the way back must remember, in `way-back/` of the state directory: `armed.json` while changes wait to be
 * confirmed, `taking.json` while they are taken back, `last.json` how it ended, `taken-back.json` what may not be tried
 * again by itself. Whoever moves `armed.json` away has decided; a lock of its own keeps two from deciding at once.
 */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, unlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { RISKS, type Op } from '../../engine/action.ts';
import type { Ref } from '../../engine/resource-type.ts';
import type { ArmedChange, Verdict } from '../../engine/way-back.ts';
import { LockHeld, takeLock, type Holder } from '../lock.ts';
import { stateFolder } from '../state-directory.ts';
import { readState, writeCache } from '../state-file.ts';

const op = z.looseObject({ op: z.string() });
const ref = z.custom<Ref>((value) => typeof value === 'string');
const debt = z.object({ kind: z.string(), does: op, description: z.string(), risk: z.enum(RISKS) });
const change = z.object({
  ref,
  kind: z.string(),
  cutsOff: z.enum(['network', 'firewall', 'ssh', 'sudo']),
  description: z.string(),
  does: op,
  undo: op,
  owes: z.array(debt),
});
const armed = z.object({
  id: z.string(),
  run: z.string(),
  /** ISO 8601, UTC. */
  deadline: z.string(),
  /** The transient timer, without its suffix. */
  unit: z.string(),
  changes: z.array(change),
});
const verdict = z.union([
  z.object({ is: z.literal('confirmed'), by: z.enum(['operator', 'probe']) }),
  z.object({ is: z.literal('taken back'), why: z.string(), errors: z.array(z.string()) }),
]);
const last = z.object({ id: z.string(), run: z.string(), at: z.string(), verdict });
const takenBack = z.array(z.object({ ref, does: op, at: z.string() }));

export interface Armed {
  readonly id: string;
  readonly run: string;
  readonly deadline: string;
  readonly unit: string;
  readonly changes: readonly ArmedChange[];
}
export type Ended = Exclude<Verdict, { is: 'open' }>;
export type Last = z.output<typeof last>;

const folderOf = (state: string): string => stateFolder(state, 'way-back');

/** Asked in every run: without parsing anything where nothing was ever armed. */
const read = async <T>(state: string, name: string, schema: z.ZodType<T>): Promise<T | undefined> =>
  existsSync(`${state}/way-back/${name}`)
    ? await readState(
        folderOf(state),
        name,
        () => Promise.resolve(schema),
        () => undefined,
      )
    : undefined;

const write = (state: string, name: string, value: unknown): void => {
  writeCache(folderOf(state), name, `${JSON.stringify(value)}\n`);
};

const syncFolder = (state: string): void => {
  const descriptor = openSync(folderOf(state), 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
};

export const readArmed = (state: string): Promise<Armed | undefined> => read(state, 'armed.json', armed);

/** What a taker that was cut off had begun to take back. */
export const readTaking = (state: string): Promise<Armed | undefined> => read(state, 'taking.json', armed);

export const readLast = (state: string): Promise<Last | undefined> => read(state, 'last.json', last);

export const writeArmed = (state: string, value: Armed): void => {
  write(state, 'armed.json', value);
};

export const removeArmed = (state: string): void => {
  unlinkSync(`${folderOf(state)}/armed.json`);
  syncFolder(state);
};

/** From here on nobody can confirm any more. */
export const beginTaking = (state: string): void => {
  renameSync(`${folderOf(state)}/armed.json`, `${folderOf(state)}/taking.json`);
  syncFolder(state);
};

export const writeLast = (state: string, { id, run }: Armed, how: Ended): void => {
  write(state, 'last.json', { id, run, at: new Date().toISOString(), verdict: how });
};

export const endTaking = (state: string): void => {
  unlinkSync(`${folderOf(state)}/taking.json`);
  syncFolder(state);
};

const isSame = (a: { ref: Ref; does: Op }, b: { ref: Ref; does: Op }): boolean =>
  a.ref === b.ref && JSON.stringify(a.does) === JSON.stringify(b.does);

export type TakenBack = z.output<typeof takenBack>;

export const readTakenBack = async (state: string): Promise<TakenBack> =>
  (await read(state, 'taken-back.json', takenBack)) ?? [];

/** Keeps what was taken back, and forgets what has been confirmed since. */
export const remember = async (state: string, { changes }: Armed, how: Ended): Promise<void> => {
  const others = (await readTakenBack(state)).filter((old) => !changes.some((one) => isSame(old, one)));
  const at = new Date().toISOString();
  const now = how.is === 'confirmed' ? [] : changes.map(({ ref: of, does }) => ({ ref: of, does, at }));
  if (others.length > 0 || now.length > 0 || existsSync(`${state}/way-back/taken-back.json`))
    write(state, 'taken-back.json', [...others, ...now]);
};

const PATIENCE = 30_000;

/** One at a time decides; who comes second waits. */
export const deciding = async <T>(state: string, holder: Holder, decide: () => Promise<T>): Promise<T> => {
  const until = Date.now() + PATIENCE;
  for (;;) {
    try {
      const release = await takeLock(folderOf(state), holder);
      try {
        return await decide();
      } finally {
        release();
      }
    } catch (error) {
      if (!(error instanceof LockHeld) || Date.now() > until) throw error;
      await sleep(100);
    }
  }
};
