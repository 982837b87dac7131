/** What a zod schema says about one place: the names that are valid there. */
import type { z } from 'zod';
import type { Path } from './problem.ts';

/** The parts of zod 4's definitions that lead on; `_zod.def` is what the library documents for tools. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.core.$ZodType;
  readonly getter?: () => z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly left?: z.core.$ZodType;
  readonly right?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly element?: z.core.$ZodType;
  readonly items?: readonly z.core.$ZodType[];
  readonly keyType?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
}

export const definitionOf = (schema: z.core.$ZodType): Definition => schema._zod.def;

/** The schema below optional, default, lazy, pipes and the like; what they wrap decides what is valid. */
const unwrap = (schema: z.core.$ZodType): z.core.$ZodType => {
  const { innerType, getter, in: input } = definitionOf(schema);
  const inner = innerType ?? getter?.() ?? input;
  return inner === undefined ? schema : unwrap(inner);
};

/** The alternatives at a place, with unions in unions laid flat. */
const alternatives = (schema: z.core.$ZodType): z.core.$ZodType[] => {
  const bare = unwrap(schema);
  const { options, left, right } = definitionOf(bare);
  const parts = options ?? (left && right ? [left, right] : undefined);
  return parts === undefined ? [bare] : parts.flatMap(alternatives);
};

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** The only values that a literal or an enumeration takes. */
const fixedValues = (schema: z.core.$ZodType): readonly unknown[] | undefined => {
  const { values, entries } = definitionOf(unwrap(schema));
  return values ?? (entries && Object.values(entries));
};

/** Whether a value is meant for this alternative: its tags, such as `type: mirror`, agree. */
const suits = (schema: z.core.$ZodType, value: unknown): boolean => {
  const fields = asRecord(value);
  return Object.entries(definitionOf(schema).shape ?? {}).every(([name, field]) => {
    const fixed = definitionOf(unwrap(field)).type === 'literal' ? fixedValues(field) : undefined;
    return fixed === undefined || !(name in fields) || fixed.includes(fields[name]);
  });
};

const below = (schema: z.core.$ZodType, part: PropertyKey): z.core.$ZodType[] => {
  const { shape, valueType, element, items } = definitionOf(schema);
  const next = shape?.[String(part)] ?? valueType ?? element ?? items?.[Number(part)];
  return next === undefined ? [] : [next];
};

/** All schemas that apply to the value at a path. */
const schemasAt = (schema: z.core.$ZodType, value: unknown, path: Path): z.core.$ZodType[] => {
  const all = alternatives(schema);
  const meant = all.filter((one) => suits(one, value));
  const here = meant.length > 0 ? meant : all;
  const [part, ...rest] = path;
  if (part === undefined) return here;
  const inner = asRecord(value)[String(part)];
  return here.flatMap((one) => below(one, part)).flatMap((one) => schemasAt(one, inner, rest));
};

export const keysAt = (schema: z.core.$ZodType, value: unknown, path: Path): string[] => {
  const keys = schemasAt(schema, value, path).flatMap((one) => {
    const { shape, keyType } = definitionOf(one);
    return shape ? Object.keys(shape) : keyType ? (fixedValues(keyType) ?? []).map(String) : [];
  });
  return [...new Set(keys)];
};

/** The options of the union at a path, in the order in which zod reports their issues. */
export const unionOptions = (
  schema: z.core.$ZodType,
  value: unknown,
  path: Path,
): readonly z.core.$ZodType[] => {
  if (path.length === 0) return definitionOf(unwrap(schema)).options ?? [];
  const [part, ...rest] = path;
  const inner = asRecord(value)[String(part)];
  for (const one of schemasAt(schema, value, []).flatMap((here) => below(here, part ?? ''))) {
    const options = unionOptions(one, inner, rest);
    if (options.length > 0) return options;
  }
  return [];
};

export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, part) => asRecord(at)[String(part)], value);
