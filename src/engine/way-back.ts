/**
 * The way back from a change that may cut the operator off (commit-confirm): its undo is armed before the change, and
 * is carried out by the clock unless somebody confirms the change in time. The clock does not depend on this process.
 */
import type { Access, Action, Debt, Op } from './action.ts';
import type { Types } from './planner.ts';
import { typeOf } from './planner.ts';
import { reasonOf } from './reading.ts';
import { opOf, type Ref } from './resource-type.ts';
import type { Host } from '../host/host.ts';

/** What takes one change back. Plain data: it outlives the run. */
export interface ArmedChange {
  readonly ref: Ref;
  readonly kind: string;
  readonly cutsOff: Access;
  readonly description: string;
  /** What was done, to know it again. */
  readonly does: Op;
  readonly undo: Op;
  /** What must be paid once more after the undo: a reload. */
  readonly owes: readonly Debt[];
}

/** How the wait for a confirmation ended. */
export type Verdict =
  | { readonly is: 'confirmed'; readonly by: 'operator' | 'probe' }
  | { readonly is: 'taken back'; readonly why: string; readonly errors: readonly string[] }
  | { readonly is: 'open'; readonly why: string };

/** Kept by `host/`. */
export interface WayBack {
  /** Before the change. Throws if it cannot be armed: then nothing may be changed. */
  arm(change: ArmedChange): Promise<void>;
  /** The change has failed and left everything as it was. */
  disarm(change: ArmedChange): Promise<void>;
  /** What was armed in this run and is not settled yet. */
  readonly armed: readonly ArmedChange[];
  /** Waits until all that is armed is confirmed or taken back. A step that failed is taken back at once. */
  settle(failed: boolean): Promise<Verdict>;
  /** When an earlier run's change of this kind was taken back, unless somebody has allowed it again since. */
  takenBackBefore(ref: Ref, does: Op): Promise<string | undefined>;
}

/** Most runs have no change that could cut anybody off: they load nothing of it. */
export const lazyWayBack = (load: () => Promise<WayBack>): WayBack => {
  let loading: Promise<WayBack> | undefined;
  let loaded: WayBack | undefined;
  const real = async (): Promise<WayBack> => (loaded = await (loading ??= load()));
  return {
    get armed() {
      return loaded?.armed ?? [];
    },
    arm: async (change) => {
      await (await real()).arm(change);
    },
    disarm: async (change) => {
      await (await real()).disarm(change);
    },
    settle: async (failed) => await (await real()).settle(failed),
    takenBackBefore: async (ref, does) => await (await real()).takenBackBefore(ref, does),
  };
};

/** What is armed for an action; undefined if it cannot cut anybody off. */
export const armedChangeOf = (ref: Ref, kind: string, action: Action): ArmedChange | undefined => {
  const { cutsOff, does, undo, description, owes = [] } = action;
  if (cutsOff === undefined) return undefined;
  if (!('by' in undo))
    throw new Error(`${ref}: "${description}" may cut off the ${cutsOff} and has no undo; that is a bug`);
  return { ref, kind, cutsOff, description, does, undo: undo.by, owes };
};

/** Each debt once, however many changes owe it. */
const owedByAll = (changes: readonly ArmedChange[]): readonly Debt[] => {
  const once = new Map<string, Debt>();
  for (const debt of changes.flatMap(({ owes }) => owes))
    once.set(JSON.stringify([debt.kind, debt.does]), debt);
  return [...once.values()];
};

const attempt = async (
  what: string,
  kind: string,
  op: Op,
  types: Types,
  host: Host,
): Promise<string | undefined> => {
  try {
    const type = typeOf(types, kind);
    await type.converge(opOf(type, op), host);
    return undefined;
  } catch (error) {
    return `${what}: ${reasonOf(error)}`;
  }
};

/**
 * Takes changes back, the last one first, then pays what they owed once more. Goes on after an error: half a way back
 * is better than none. Returns what went wrong. After a boot nothing is owed: what reads the files has yet to start.
 */
export const takeBack = async (
  changes: readonly ArmedChange[],
  types: Types,
  host: Host,
  afterBoot = false,
): Promise<readonly string[]> => {
  const errors: (string | undefined)[] = [];
  for (const { ref, kind, undo } of [...changes].reverse())
    errors.push(await attempt(ref, kind, undo, types, host));
  if (!afterBoot)
    for (const { kind, does, description } of owedByAll(changes))
      errors.push(await attempt(description, kind, does, types, host));
  return errors.filter((error) => error !== undefined);
};

/** The kinds that taking back needs. */
export const kindsOfChanges = (changes: readonly ArmedChange[]): ReadonlySet<string> =>
  new Set(changes.flatMap(({ kind, owes }) => [kind, ...owes.map((debt) => debt.kind)]));
