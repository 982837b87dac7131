/** A JSON Schema as the rows of a table for people. */
import type { z } from 'zod';

type JsonSchema = z.core.JSONSchema.BaseSchema;

export interface FieldRow {
  readonly name: string;
  readonly type: string;
  /** What holds when it is left out; `required` if it may not be. */
  readonly otherwise: string;
  readonly description: string;
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;

const alternatives = (schema: JsonSchema): JsonSchema[] =>
  [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(isSchema);

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

const bounds = ({ minimum, maximum }: JsonSchema): string => {
  const low = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const high = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (low !== undefined && high !== undefined) return `, ${low} to ${high}`;
  if (low !== undefined) return `, at least ${low}`;
  return high === undefined ? '' : `, at most ${high}`;
};

const itemOf = (schema: JsonSchema): JsonSchema => (isSchema(schema.items) ? schema.items : {});
const valueOf = (schema: JsonSchema): JsonSchema | undefined =>
  isSchema(schema.additionalProperties) ? schema.additionalProperties : undefined;

/** One form of several: mappings are told apart by what they must have. */
const formOf = (schema: JsonSchema): string =>
  schema.properties === undefined || schema.required === undefined
    ? typeOf(schema)
    : `mapping with ${schema.required.map(code).join(', ')}`;

const typeOf = (schema: JsonSchema): string => {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  const options = alternatives(schema);
  if (options.length > 0) return [...new Set(options.map(formOf))].join(' or ');
  if (schema.not !== undefined) return 'nothing';
  switch (schema.type) {
    case 'string':
      return 'text';
    case 'integer':
      return `whole number${bounds(schema)}`;
    case 'number':
      return `number${bounds(schema)}`;
    case 'boolean':
      return '`true`, `false`';
    case 'array':
      return `list of ${typeOf(itemOf(schema))}`;
    case 'object':
      return valueOf(schema) === undefined
        ? 'mapping'
        : `mapping of name to ${typeOf(valueOf(schema) ?? {})}`;
    default:
      return 'any';
  }
};

const otherwise = (schema: JsonSchema, required: boolean): string => {
  if (schema.default !== undefined) return code(schema.default);
  return required ? 'required' : '';
};

/** The fields of mappings inside: of a list's items, a mapping's values, and of alternatives. */
const inner = (schema: JsonSchema, name: string): FieldRow[] => {
  if (schema.properties !== undefined) return fieldRows(schema, `${name}.`);
  const options = alternatives(schema);
  if (options.length > 0)
    return options
      .flatMap((option) => inner(option, name))
      .map((row) => (row.otherwise === 'required' ? { ...row, otherwise: 'required in its form' } : row));
  if (schema.type === 'array') return inner(itemOf(schema), `${name}[]`);
  const value = valueOf(schema);
  return value === undefined ? [] : inner(value, `${name}.*`);
};

const unique = (rows: readonly FieldRow[]): FieldRow[] => {
  const known = new Set<string>();
  return rows.filter((row) => {
    const key = JSON.stringify(row);
    return known.has(key) ? false : known.add(key);
  });
};

export const fieldRows = (schema: JsonSchema, prefix = ''): FieldRow[] =>
  unique(
    Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
      if (!isSchema(field)) return [];
      const name = prefix + key;
      const required = schema.required?.includes(key) === true;
      const row = {
        name,
        type: typeOf(field),
        otherwise: otherwise(field, required),
        description: field.description ?? '',
      };
      return [row, ...inner(field, name)];
    }),
  );
