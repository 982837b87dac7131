/** What a run leaves for the history, and takes from it: how each resource was declared when it was last in sync. */
import { createHash } from 'node:crypto';
import type { Catalog } from '../engine/catalog.ts';
import { appliedAfter, withOrigins, type Applied } from '../engine/origin.ts';
import type { Outcomes } from '../engine/outcome.ts';
import type { Plan } from '../engine/plan.ts';
import { reasonOf } from '../engine/reading.ts';
import { summaryOf, type RunHeader } from '../engine/run-summary.ts';
import { readApplied, writeApplied } from '../host/applied-file.ts';
import { appendHistory } from '../host/history-file.ts';

export interface Memory {
  readonly state: string;
  readonly header: RunHeader;
  /** Of this run. */
  readonly catalog: Catalog;
  /** Names the whole catalog that it is of. */
  readonly fingerprint: string;
  /** Nothing of the manifest was left out. */
  readonly whole: boolean;
}

/** Long enough to tell two declarations of one resource apart. */
const DIGITS = 16;

const hashed = ({ resources }: Catalog): Applied =>
  new Map(
    resources.map(({ ref, desired }) => [
      ref,
      createHash('sha256').update(JSON.stringify(desired)).digest('hex').slice(0, DIGITS),
    ]),
  );

const known = new WeakMap<Catalog, Applied>();

/** Asked before and after a run, and not free with thousands of resources. */
const declaredIn = (catalog: Catalog): Applied => {
  const declared = known.get(catalog) ?? hashed(catalog);
  known.set(catalog, declared);
  return declared;
};

/** Tells drift from change, where anything differs. */
export const markOrigins = ({ state, catalog }: Memory, plan: Plan): Plan =>
  plan.resources.length === 0 ? plan : withOrigins(plan, readApplied(state).resources, declaredIn(catalog));

interface End {
  readonly exitCode: number;
  readonly milliseconds: number;
  readonly outcomes?: Outcomes | undefined;
}

/** A check changes nothing, and yet knows what is in sync; it leaves the word of that to the next `setup`. */
const rememberApplied = (memory: Memory, plan: Plan, outcomes: Outcomes | undefined): void => {
  const { state, catalog, fingerprint, whole, header } = memory;
  if (header.does === 'check') return;
  const before = readApplied(state);
  if (plan.resources.length === 0 && (before.catalog === fingerprint || !whole)) return;
  const resources = appliedAfter(before.resources, declaredIn(catalog), plan, outcomes, whole);
  writeApplied(state, { catalog: whole ? fingerprint : before.catalog, resources });
};

/** What cannot be kept is said and does not change how the run ended: the host is the truth, and this only tells of it. */
export const rememberRun = (memory: Memory, plan: Plan, end: End, tell: (message: string) => void): void => {
  try {
    rememberApplied(memory, plan, end.outcomes);
    appendHistory(memory.state, summaryOf(memory.header, plan, end));
  } catch (error) {
    tell(`the history could not be kept in ${memory.state}: ${reasonOf(error)}`);
  }
};
