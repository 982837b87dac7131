/** What the host knows near a drift. A lead for people: nothing is decided by it. */

/** What is looked for: one resource that drifted. */
export interface Trail {
  /** The name within its kind: a path, a user, a dataset. */
  readonly key: string;
  /** Files and directories that it is about. */
  readonly paths: readonly string[];
  /** When those were last changed, in milliseconds since 1970. */
  readonly changed: readonly number[];
}

/** Something that was done, by somebody's log. */
export interface Trace {
  readonly at: number;
  readonly text: string;
}

/** Logs of others say what they like: a lead stays short. */
const MOST = 200;

export const timeText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

export const leadText = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST)}…` : text);

const WORD = /[\w/.@:+-]/;

/** As a word of its own: `tank/a` is not in `tank/ab`. */
export const names = (text: string, word: string): boolean => {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const [before, after] = [text[at - 1] ?? '', text[at + word.length] ?? ''];
    if (!WORD.test(before) && !WORD.test(after)) return true;
  }
  return false;
};

/** The last one that speaks of it by name. */
export const lastNaming = (traces: readonly Trace[], { key, paths }: Trail): Trace | undefined =>
  traces.findLast(({ text }) => [key, ...paths].some((word) => names(text, word)));

/** The last one that was under way when a file of it was changed. */
export const lastNear = (
  traces: readonly Trace[],
  { changed }: Trail,
  before: number,
  after: number,
): Trace | undefined =>
  traces.findLast(({ at }) => changed.some((time) => at >= time - before && at <= time + after));
