/**
 * The history: one JSON line a run, the newest last. It is appended to by whoever holds the lock, and cut to its newer
 * half when it has grown too large. It is not synced: a power cut may cost the last line, never the run.
 */
import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { RunSummary } from '../engine/run-summary.ts';
import { readRegularFile } from './read-file.ts';
import { stateFolder } from './state-directory.ts';
import { replaceText } from './state-file.ts';

const NAME = 'history.jsonl';
/** About two thousand runs that found everything in sync. */
export const MAX_HISTORY = 1024 * 1024;

const linesOf = (state: string): string[] =>
  (readRegularFile(`${state}/${NAME}`)?.toString('utf8') ?? '').split('\n').filter((line) => line !== '');

const cutDown = (state: string): void => {
  const lines = linesOf(state);
  const newer = lines.slice(Math.ceil(lines.length / 2));
  replaceText(state, NAME, newer.map((line) => `${line}\n`).join(''));
};

export const appendHistory = (state: string, summary: RunSummary): void => {
  const descriptor = openSync(`${stateFolder(state)}/${NAME}`, 'a+', 0o600);
  let size: number;
  try {
    // A line that a full disk or a power cut has left unfinished must not take this one with it.
    const before = isUnfinished(descriptor) ? '\n' : '';
    appendFileSync(descriptor, `${before}${JSON.stringify(summary)}\n`);
    ({ size } = fstatSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
  if (size > MAX_HISTORY) cutDown(state);
};

const isUnfinished = (descriptor: number): boolean => {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last.toString() !== '\n';
};

/** Every line that is one, the oldest first; what is damaged is passed over. */
export const readHistory = async (state: string): Promise<readonly RunSummary[]> => {
  const { summarySchema } = await import('./history-schema.ts');
  return linesOf(state).flatMap((line) => {
    try {
      const parsed = summarySchema.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
};
