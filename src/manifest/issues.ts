/** From zod's issues to what an operator reads: each names what is wrong, what was expected, and where. */
import type { z } from 'zod';
import { bestBranch, sharedExpectation, wrongTag } from './branches.ts';
import { didYouMean } from './nearest.ts';
import { expectation, isSentence, valuesOf } from './phrases.ts';
import type { Path } from './problem.ts';
import { keysAt, unionOptions, valueAt } from './schema-walk.ts';
import { showList, showText, showValue } from './show.ts';

type Issue = z.core.$ZodIssue;

/** The value and the schema that an issue's path starts from: those of the document, or of one branch of a union. */
export interface Context {
  readonly schema: z.core.$ZodType;
  readonly value: unknown;
  readonly path: Path;
}

export interface Explained {
  readonly path: Path;
  /** What to point at: a key that is not known, a value, or the mapping in which something is missing. */
  readonly at: 'key' | 'value' | 'parent';
  readonly message: string;
  readonly hint?: string;
}

const SECRET_NAME = /pass|secret|token|credential|private/i;

const hinted = (explained: Explained, hint: string | undefined): Explained =>
  hint === undefined ? explained : { ...explained, hint };

const found = (path: Path, value: unknown): string => {
  const name = path.findLast((part) => typeof part === 'string') ?? '';
  const hidden = typeof value === 'string' && SECRET_NAME.test(name);
  return hidden ? 'text that is not shown' : showValue(value);
};

const YES = /^(?:y|yes|on)$/i;
const NO = /^(?:n|no|off)$/i;

/** A word that YAML 1.1 took for true or false, where the schema wants one of them. */
const booleanHint = (expected: string, value: unknown): string | undefined => {
  if (!expected.includes('true or false') || typeof value !== 'string') return undefined;
  if (YES.test(value)) return 'write true';
  return NO.test(value) ? 'write false' : undefined;
};

const typeHint = (issue: Issue, value: unknown): string | undefined => {
  if (issue.code !== 'invalid_type' || issue.expected !== 'string') return undefined;
  return typeof value === 'number' || typeof value === 'boolean' ? 'quote it' : undefined;
};

const wrong = (issue: Issue, path: Path, value: unknown, expected: string): Explained => {
  if (value === undefined && path.length > 0)
    return { path, at: 'parent', message: `is missing; expected ${expected}` };
  const near = typeof value === 'string' ? didYouMean(value, valuesOf(issue)) : undefined;
  const hint = near ?? booleanHint(expected, value) ?? typeHint(issue, value);
  const ofWhole = issue.code === 'custom' && typeof value === 'object' && value !== null;
  const message = `expected ${expected}${ofWhole ? '' : `; found ${found(path, value)}`}`;
  return hinted({ path, at: 'value', message }, hint);
};

const unknownKeys = (issue: z.core.$ZodIssueUnrecognizedKeys, context: Context): Explained[] => {
  const valid = keysAt(context.schema, context.value, issue.path);
  return issue.keys.map((key) => {
    const near = didYouMean(key, valid);
    const expected = near === undefined && valid.length > 0 ? `; expected one of ${showList(valid)}` : '';
    const path = [...context.path, ...issue.path, key];
    return hinted({ path, at: 'key', message: `unknown key ${showText(key)}${expected}` }, near);
  });
};

/** The shape of a secretRef: host/secret-ref.ts. */
const SECRET = 'a secret by reference, { file: /path } or { credential: name }';

/** Says what a mapping is made of, where one was expected. */
const withKeys = (expected: string, path: Path, { schema, value }: Context): string => {
  const keys = expected === 'a mapping' ? keysAt(schema, value, path) : [];
  if (keys.join() === 'file,credential') return SECRET;
  return keys.length === 0 ? expected : `${expected} of ${showList(keys)}`;
};

const union = (issue: z.core.$ZodIssueInvalidUnion, context: Context): Explained[] | undefined => {
  const value = valueAt(context.value, issue.path);
  const path = [...context.path, ...issue.path];
  const shared = sharedExpectation(issue, value);
  if (shared !== undefined)
    return [wrong(shared.issue, path, value, withKeys(shared.expected, issue.path, context))];
  const options = unionOptions(context.schema, context.value, issue.path);
  const tag = wrongTag(issue, options, value);
  if (tag !== undefined) return explain(tag, { schema: context.schema, value, path });
  const best = bestBranch(issue, options, value);
  if (best === undefined) return undefined;
  const schema = options[best.index] ?? context.schema;
  return best.issues.flatMap((one) => explain(one, { schema, value, path }));
};

const badKey = (issue: z.core.$ZodIssueInvalidKey, context: Context): Explained[] => {
  const path = [...context.path, ...issue.path];
  const name = String(path.at(-1));
  return issue.issues.map((one) => ({
    path,
    at: 'key',
    message: `the key ${showText(name)} is not valid: expected ${expectation(one) ?? one.message}`,
  }));
};

export const explain = (issue: Issue, context: Context): Explained[] => {
  const path = [...context.path, ...issue.path];
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, context);
  if (issue.code === 'invalid_key' && issue.origin === 'record') return badKey(issue, context);
  if (isSentence(issue)) return [{ path, at: 'value', message: issue.message }];
  const inUnion = issue.code === 'invalid_union' ? union(issue, context) : undefined;
  if (inUnion !== undefined) return inUnion;
  const value = valueAt(context.value, issue.path);
  const expected = withKeys(expectation(issue) ?? 'another value', issue.path, context);
  return [wrong(issue, path, value, expected)];
};

const samePath = (a: Path, b: Path): boolean =>
  a.length === b.length && a.every((part, at) => part === b[at]);

/** What is said of a mapping as a whole only follows from a key in it that is not known. */
export const withoutEchoes = (issues: readonly Issue[]): readonly Issue[] => {
  const unknown = issues.filter(({ code }) => code === 'unrecognized_keys');
  return issues.filter(
    ({ code, path }) => code !== 'custom' || !unknown.some((one) => samePath(one.path, path)),
  );
};
