/** Reads a manifest: the value that its schema promises, or everything that is wrong with it. */
import type { Document } from 'yaml';
import type { z } from 'zod';
import { readDocument } from './document.ts';
import { readFast } from './fast.ts';
import { explain, withoutEchoes, type Explained } from './issues.ts';
import { offsetOf, sourceOf } from './nodes.ts';
import { byPlace, Places } from './place.ts';
import type { Finding, Locate, Problem } from './problem.ts';
import { quoted } from './scalars.ts';
import { readSource } from './source.ts';

export type Parsed<T> =
  | { readonly ok: true; readonly value: T; readonly locate: Locate; readonly problemAt: ProblemAt }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Makes a problem of what a later stage found, such as a cycle, with its place and source line. */
export type ProblemAt = (
  finding: Pick<Problem, 'path' | 'message' | 'hint'>,
  part?: 'key' | 'value',
) => Problem;

/** The nearest place that is written: of a missing value, its mapping. */
const placeOf = (document: Document, { path, at }: Explained): number | undefined => {
  if (at !== 'parent') return offsetOf(document, path, at);
  const parent = path.slice(0, -1);
  return parent.length === 0 ? 0 : offsetOf(document, parent, 'key');
};

const place = (document: Document, explained: Explained): Finding => {
  const { path, message } = explained;
  const offset = placeOf(document, explained);
  // Only the source says how a number was written: 1.10 has become 1.1.
  const source = explained.hint === 'quote it' ? sourceOf(document, path) : undefined;
  const hint = source === undefined ? explained.hint : quoted(source.replace(/^0o(?=[0-7]+$)/, '0'));
  return {
    path,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(offset === undefined ? {} : { offset }),
  };
};

const schemaFindings = (document: Document, value: unknown, schema: z.ZodType): Finding[] => {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return withoutEchoes(result.error.issues)
    .flatMap((issue) => explain(issue, { schema, value, path: [] }))
    .map((explained) => place(document, explained));
};

const slow = <T>(text: string, file: string, schema: z.ZodType<T>): Parsed<T> => {
  const { document, value, findings, refused } = readDocument(text);
  const mismatches =
    document === undefined || value === undefined
      ? []
      : schemaFindings(document, value, schema).filter(({ offset }) => refused?.has(offset) !== true);
  const all = [...findings, ...mismatches];
  if (all.length > 0) {
    const places = new Places(text);
    return { ok: false, problems: all.sort(byPlace).map((finding) => places.problem(file, finding)) };
  }
  return { ok: true, value: schema.parse(value), ...lateFindings(text, file, document) };
};

/** For the stages after this one; parses with `yaml` when first asked. */
const lateFindings = (
  text: string,
  file: string,
  known?: Document,
): { locate: Locate; problemAt: ProblemAt } => {
  let document = known;
  let places: Places | undefined;
  const offset: (path: Problem['path'], part: 'key' | 'value') => number | undefined = (path, part) => {
    document ??= readDocument(text).document;
    return document === undefined ? undefined : offsetOf(document, path, part);
  };
  return {
    locate: (path, part = 'value') => {
      const at = offset(path, part);
      return at === undefined ? undefined : (places ??= new Places(text)).position(at);
    },
    problemAt: (finding, part = 'value') => {
      const at = offset(finding.path, part);
      return (places ??= new Places(text)).problem(file, {
        ...finding,
        ...(at === undefined ? {} : { offset: at }),
      });
    },
  };
};

export const parseManifest = <T>(bytes: Buffer, file: string, schema: z.ZodType<T>): Parsed<T> => {
  const source = readSource(bytes);
  if ('finding' in source) {
    const places = new Places(bytes.subarray(0, 65_536).toString('utf8'));
    return { ok: false, problems: [places.problem(file, source.finding)] };
  }
  const value = readFast(source.text);
  if (value !== undefined) {
    const result = schema.safeParse(value);
    if (result.success) return { ok: true, value: result.data, ...lateFindings(source.text, file) };
  }
  return slow(source.text, file, schema);
};
