import type { z } from 'zod';
import type { Action } from '../engine/action.ts';
import type { Resource } from '../engine/catalog.ts';
import type { Ref } from '../engine/resource-type.ts';
import { headSchema, lineSchema } from './journal-schema.ts';
import { readRegularFile } from './read-file.ts';

/** One action of a run, in its order. Not ended: the run was cut off in it. */
export interface Begun {
  readonly ref: Ref;
  readonly action: Action;
  /** How it was declared; with the first action of a resource. */
  readonly declared?: Resource | undefined;
}

export interface ReadJournal {
  readonly head: z.output<typeof headSchema>;
  readonly begun: readonly Begun[];
}

/** The last line may have been cut off with the run. */
const parsedLines = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line, index, all) => {
      try {
        return [JSON.parse(line) as unknown];
      } catch (error) {
        if (index === all.length - 1) return [];
        throw error;
      }
    });

/** Undefined where the run left none: it changed nothing. Throws if it is damaged, or of a version that kept less. */
export const readJournal = (state: string, run: string): ReadJournal | undefined => {
  const content = readRegularFile(`${state}/runs/${run}/journal.jsonl`);
  if (content === undefined) return undefined;
  const [first, ...rest] = parsedLines(content.toString('utf8'));
  const lines = rest.map((line) => lineSchema.parse(line));
  return {
    head: headSchema.parse(first),
    begun: lines.flatMap((line) => (line.is === 'begin' && line.pays === undefined ? [line] : [])),
  };
};
