/**
 * Nesting. `yaml` 2.9 recurses, and runs out of memory in a way that cannot be caught, on some 10,000 open brackets;
 * js-yaml counts while it parses, so it goes first.
 */
import { parseEvents, YAMLException } from 'js-yaml';
import { MAX_DEPTH } from './fast.ts';
import type { Finding } from './problem.ts';

/** More brackets than this without an end may be deep; the text in block scalars is far below. */
const MANY = 1000;
const COMPACT_RUN = /(?:[-?:][ \t]+){65}/;

/** A rough upper bound, for text that does not parse: brackets in quotes and comments are counted too. */
const maybeDeep = (text: string): boolean => {
  let open = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    deepest = Math.max(deepest, open);
  }
  return deepest > MANY || COMPACT_RUN.test(text);
};

/** Why the text must not be given to `yaml`. */
export const depthFinding = (text: string): Finding | undefined => {
  try {
    parseEvents(text, { maxDepth: MAX_DEPTH });
    return undefined;
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const offset = error.mark?.position ?? 0;
    if (error.reason.includes('maxDepth'))
      return { path: [], offset, message: `nested deeper than ${MAX_DEPTH} levels` };
    return maybeDeep(text) ? { path: [], offset, message: `not YAML: ${error.reason}` } : undefined;
  }
};
