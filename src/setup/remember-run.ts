/** What a run leaves for the history, and takes from it: how each resource was declared when it was last in sync. */
import { createHash } from 'node:crypto';
import type { Catalog } from '../engine/catalog.ts';
import { appliedAfter, withOrigins, type Applied } from '../engine/origin.ts';
import type { Outcomes } from '../engine/outcome.ts';
import type { Plan } from '../engine/plan.ts';
import { reasonOf } from '../engine/reading.ts';
import { summaryOf, type RunHeader } from '../engine/run-summary.ts';
import { isAppliedOf, readApplied, writeApplied } from '../host/applied-file.ts';
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

const hashOf = (desired: unknown): string =>
  createHash('sha256').update(JSON.stringify(desired)).digest('hex').slice(0, DIGITS);

/** How each resource is declared. */
const declaredIn = ({ resources }: Catalog): Applied =>
  new Map(resources.map(({ ref, desired }) => [ref, hashOf(desired)]));

/** Tells drift from change, where anything differs. */
export const markOrigins = ({ state, catalog, fingerprint, header }: Memory, plan: Plan): Plan => {
  if (plan.resources.length === 0 || header.does === 'rollback') return plan;
  const differ = new Set(plan.resources.map(({ ref }) => ref));
  const declared = declaredIn({
    ...catalog,
    resources: catalog.resources.filter(({ ref }) => differ.has(ref)),
  });
  // Where all was in sync as it is declared now, what was declared then need not be read.
  const applied = isAppliedOf(state, fingerprint) ? declared : readApplied(state).resources;
  return withOrigins(plan, applied, declared);
};

interface End {
  readonly exitCode: number;
  readonly milliseconds: number;
  readonly outcomes?: Outcomes | undefined;
}

/** A check changes nothing, and yet knows what is in sync; it leaves the word of that to the next `setup`. */
const rememberApplied = (memory: Memory, plan: Plan, outcomes: Outcomes | undefined): void => {
  const { state, catalog, fingerprint, whole, header } = memory;
  if (header.does !== 'setup') return;
  // All of it is there as it is declared now, and a repair brings back just that.
  if (isAppliedOf(state, fingerprint) || (plan.resources.length === 0 && !whole)) return;
  const before = readApplied(state);
  const declared = declaredIn(catalog);
  const resources = appliedAfter(before.resources, declared, plan, outcomes, whole);
  const complete = whole && [...declared].every(([ref, hash]) => resources.get(ref) === hash);
  writeApplied(state, { catalog: complete ? fingerprint : '', resources });
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
