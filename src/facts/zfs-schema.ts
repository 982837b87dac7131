/** Properties as a manifest declares them: each native one with what it takes, and user properties freely. */
import { z } from 'zod';
import { isUserProperty, PROPERTIES, propertiesOf, type Property } from './zfs-properties.ts';
import { normalValue, type Written } from './zfs-values.ts';

const expectedSize = ({ none }: Property): string =>
  `expected a size such as 10G or 1.5T, in powers of 1024${none ? ', or `none`' : ''}`;

const checked = (name: string, expected: string) =>
  z
    .union([z.string(), z.int().min(0)], { error: expected })
    .refine((written) => normalValue(name, written) !== undefined, { error: expected });

const fieldOf = (name: string, property: Property): z.ZodType<Written> => {
  switch (property.form) {
    case 'switch':
      return z.union([z.enum(['on', 'off']), z.boolean()], { error: 'expected `on` or `off`' });
    case 'words':
      return name === 'copies'
        ? checked(name, 'expected 1, 2 or 3')
        : z.union([
            z.enum(property.words ?? []),
            z.boolean().refine((on) => property.words?.includes(on ? 'on' : 'off')),
          ]);
    case 'size':
      return checked(name, expectedSize(property));
    case 'number':
      return checked(name, `expected a number${property.none ? ', or `none`' : ''}`);
    case 'text':
      return checked(name, property.pattern?.expected ?? 'expected text on one line');
  }
};

const userValue = z.union([z.string(), z.int(), z.boolean()], { error: 'expected text' });

const refuseStrangers =
  (known: ReadonlySet<string>) => (ctx: z.core.ParsePayload<Record<string, unknown>>) => {
    for (const [name, written] of Object.entries(ctx.value)) {
      if (known.has(name)) continue;
      if (!name.includes(':')) ctx.issues.push({ code: 'unrecognized_keys', keys: [name], input: ctx.value });
      else if (!isUserProperty(name))
        ctx.issues.push({
          code: 'custom',
          path: [name],
          input: written,
          message:
            'the name of a user property has small letters, digits and `:+._-`, and begins with none of `-`',
        });
      else if (normalValue(name, written as Written) === undefined)
        ctx.issues.push({
          code: 'custom',
          path: [name],
          input: written,
          message: 'expected text on one line that is not empty',
        });
    }
  };

export type Declared = Readonly<Record<string, Written>>;

/** Without `left out`: properties that have a field of their own. */
export const propertiesSchema = (type: 'filesystem' | 'volume', leftOut: readonly string[] = []) => {
  const fields = propertiesOf(type).filter(([name]) => !leftOut.includes(name));
  const shape = Object.fromEntries(
    fields.map(([name, property]) => [
      name,
      fieldOf(name, property).optional().meta({ description: property.description }),
    ]),
  );
  return z
    .object(shape)
    .catchall(userValue)
    .check(refuseStrangers(new Set(Object.keys(shape)))) as unknown as z.ZodType<Declared, Declared>;
};

const inheritable = (type: 'filesystem' | 'volume') => {
  const names = new Set(
    propertiesOf(type)
      .filter(([, { own }]) => !own)
      .map(([name]) => name),
  );
  return (name: string): boolean => names.has(name) || isUserProperty(name);
};

export const inheritSchema = (type: 'filesystem' | 'volume') => {
  const isInheritable = inheritable(type);
  return z.array(
    z.string().refine(isInheritable, {
      error: (issue) =>
        PROPERTIES[String(issue.input)] === undefined
          ? 'expected the name of a property that can be inherited, or of a user property'
          : `${String(issue.input)} is never inherited; declare its value under \`properties\``,
    }),
  );
};

/** One property cannot be both. */
export const declaredTwice = ({
  properties,
  inherit,
}: {
  readonly properties: Declared;
  readonly inherit: readonly string[];
}): boolean => inherit.some((name) => name in properties);
