/**
 * What each resource was declared as when it was last seen in sync: `applied.json` of the state directory. It is a
 * cache: without it drift and change cannot be told apart for one run, and nothing else is lost.
 */
import type { Applied } from '../engine/origin.ts';
import type { Ref } from '../engine/resource-type.ts';
import { fileBeginsWith, readRegularFile } from './read-file.ts';
import { writeState } from './state-file.ts';

const NAME = 'applied.json';

export interface AppliedFile {
  /** The catalog whose resources all have their entry here, as they are declared in it; empty when some have not. */
  readonly catalog: string;
  readonly resources: Applied;
}

const NOTHING: AppliedFile = { catalog: '', resources: new Map() };

/** Without taking apart what thousands of resources left: asked by every run that has nothing to do. */
export const isAppliedOf = (state: string, catalog: string): boolean =>
  fileBeginsWith(`${state}/${NAME}`, Buffer.from(`{"catalog":${JSON.stringify(catalog)},`));

export const readApplied = (state: string): AppliedFile => {
  try {
    const text = readRegularFile(`${state}/${NAME}`)?.toString('utf8');
    if (text === undefined) return NOTHING;
    const { catalog, resources } = JSON.parse(text) as { catalog: unknown; resources: object };
    const entries = Object.entries(resources).filter(([, hash]) => typeof hash === 'string');
    return { catalog: String(catalog), resources: new Map(entries as [Ref, string][]) };
  } catch {
    return NOTHING;
  }
};

export const writeApplied = (state: string, { catalog, resources }: AppliedFile): void => {
  writeState(state, NAME, { catalog, resources: Object.fromEntries(resources) });
};
