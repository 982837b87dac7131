/** Unions: which of the alternatives the operator meant, so that its mistakes are reported and not "invalid input". */
import type { z } from 'zod';
import { expectation } from './phrases.ts';
import { definitionOf } from './schema-walk.ts';

type Issue = z.core.$ZodIssue;
type UnionIssue = z.core.$ZodIssueInvalidUnion;

const isOfWhole = (issue: Issue): boolean => issue.path.length === 0 && issue.code !== 'unrecognized_keys';

/** The alternative takes another type altogether. */
const isOtherType = (issues: readonly Issue[], value: unknown): boolean =>
  issues.some((issue) => {
    if (!isOfWhole(issue)) return false;
    if (issue.code === 'invalid_value') return !issue.values.some((one) => typeof one === typeof value);
    return issue.code === 'invalid_type';
  });

export interface Branch {
  readonly index: number;
  readonly issues: readonly Issue[];
}

const branchesOf = (issue: UnionIssue): Branch[] =>
  issue.errors.map((issues, index) => ({ index, issues })).filter(({ issues }) => issues.length > 0);

const plausible = (issue: UnionIssue, value: unknown): Branch[] => {
  const branches = branchesOf(issue);
  const meant = branches.filter(({ issues }) => !isOtherType(issues, value));
  return meant.length > 0 ? meant : branches;
};

/** The issues of all plausible alternatives, with unions in unions laid flat. */
const flat = (issue: UnionIssue, value: unknown): Issue[] =>
  plausible(issue, value).flatMap(({ issues }) =>
    issues.flatMap((one) => {
      const nested = one.code === 'invalid_union' && one.path.length === 0 && one.errors.length > 0;
      return nested ? flat(one, value) : [one];
    }),
  );

const oneOf = (values: readonly z.core.util.Primitive[]): Issue => ({
  code: 'invalid_value',
  values: [...values],
  path: [],
  message: 'Invalid option',
  input: undefined,
});

export interface Shared {
  /** The one whose values are near misses. */
  readonly issue: Issue;
  readonly expected: string;
}

/** One sentence for all, where every plausible alternative only says what the value as a whole should have been. */
export const sharedExpectation = (issue: UnionIssue, value: unknown): Shared | undefined => {
  const issues = flat(issue, value);
  if (!issues.every((one) => isOfWhole(one) && expectation(one) !== undefined)) return undefined;
  const fixed = issues.flatMap((one) => (one.code === 'invalid_value' ? one.values : []));
  const rest = issues.filter(({ code }) => code !== 'invalid_value');
  const all = fixed.length === 0 ? rest : [oneOf(fixed), ...rest];
  const [first] = all;
  if (first === undefined) return undefined;
  return { issue: first, expected: [...new Set(all.map(expectation))].join(' or ') };
};

/** Names of the fields by which the alternatives are told apart. */
const tagsOf = (schema: z.core.$ZodType | undefined): string[] =>
  Object.entries((schema && definitionOf(schema).shape) ?? {})
    .filter(([, field]) => definitionOf(field).type === 'literal')
    .map(([name]) => name);

const has = (value: unknown, part: PropertyKey | undefined): boolean =>
  typeof value === 'object' && value !== null && part !== undefined && part in value;

/** The tag, where all alternatives are told apart by the same one and none of them takes its value. */
export const wrongTag = (
  issue: UnionIssue,
  options: readonly z.core.$ZodType[],
  value: unknown,
): Issue | undefined => {
  const branches = plausible(issue, value);
  const values = (name: string) =>
    branches.map(({ issues }) =>
      issues.find(({ code, path }) => code === 'invalid_value' && path.length === 1 && path[0] === name),
    );
  for (const name of tagsOf(options[branches[0]?.index ?? 0])) {
    const found = values(name).filter((one) => one !== undefined);
    if (found.length !== branches.length || found.length < 2) continue;
    return {
      ...oneOf(found.flatMap((one) => (one.code === 'invalid_value' ? one.values : []))),
      path: [name],
    };
  }
  return undefined;
};

/** How badly a value fits: a tag that says otherwise weighs most, then each mistake. */
const misfit = (branch: Branch, schema: z.core.$ZodType | undefined, value: unknown): number => {
  const tags = tagsOf(schema);
  return branch.issues.reduce((sum, { path, ...issue }) => {
    const otherTag = issue.code === 'invalid_value' && path.length === 1 && tags.includes(String(path[0]));
    const keys = issue.code === 'unrecognized_keys' ? issue.keys.length : 1;
    return sum + (otherTag && has(value, path[0]) ? 1000 : keys);
  }, 0);
};

export const bestBranch = (
  issue: UnionIssue,
  options: readonly z.core.$ZodType[],
  value: unknown,
): Branch | undefined => {
  let best: Branch | undefined;
  let least = Infinity;
  for (const branch of plausible(issue, value)) {
    const badness = misfit(branch, options[branch.index], value);
    if (badness < least) [best, least] = [branch, badness];
  }
  return best;
};
