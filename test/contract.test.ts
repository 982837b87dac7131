/** The rules that every kind keeps, over every registered kind. */
import { strict as assert } from 'node:assert';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Known } from '../src/engine/reading.ts';
import { kinds } from '../src/resources/index.ts';
import { FakeHost } from './support/fake-host.ts';
import { fixturesIn } from './support/fixtures.ts';

interface DiffFixture {
  desired: object;
  actual: Known<unknown>;
  findings: { does?: { op: string } }[];
}

const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
};

/** The values of `op` in a discriminated union. */
const opNames = (ops: z.ZodType): string[] => {
  const schema = z.toJSONSchema(ops, { io: 'input', unrepresentable: 'any' });
  const members = (schema.anyOf ?? schema.oneOf ?? [schema]) as { properties: { op: { const: string } } }[];
  return members.map((member) => member.properties.op.const);
};

const undescribed = (schema: z.core.JSONSchema.BaseSchema, path: string): string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    typeof field === 'object' && field.description ? [] : [`${path}.${name}`],
  );

for (const { folder, type } of kinds) {
  const tests = join(import.meta.dirname, 'resources', folder);
  const diffs = fixturesIn<DiffFixture>(join(tests, 'diff'));

  describe(`the contract of ${type.kind}`, () => {
    it('is named as its folder', () => {
      const pascal = folder.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
      assert.equal(type.kind, pascal);
    });

    it('describes every field', () => {
      assert.deepEqual(undescribed(z.toJSONSchema(type.desired, { io: 'input' }), type.kind), []);
    });

    it('has examples that parse and have a key', () => {
      assert.notEqual(type.examples.length, 0);
      for (const example of type.examples) assert.ok(type.key(type.desired.parse(example)));
    });

    it('refuses unknown fields', () => {
      const strange = { ...type.examples[0], noSuchField: 1 };
      assert.equal(type.desired.safeParse(strange).success, false);
    });

    it('has an in-sync fixture without findings', () => {
      const inSync = diffs.find(({ name }) => name.startsWith('in-sync'));
      assert.deepEqual(inSync?.data.findings, []);
    });

    it('has a pure diff: frozen input, twice the same answer, which survives JSON', () => {
      assert.notEqual(diffs.length, 0);
      for (const { data } of diffs) {
        const desired = freeze(type.desired.parse(data.desired));
        const actual = freeze(data.actual);
        const first = type.diff(desired, actual);
        assert.deepEqual(type.diff(desired, actual), first);
        assert.deepEqual(JSON.parse(JSON.stringify(first)), first);
      }
    });

    it('plans only ops of its own union', () => {
      for (const { data } of diffs)
        for (const finding of type.diff(type.desired.parse(data.desired), data.actual))
          if ('does' in finding) {
            type.ops.parse(finding.does);
            if ('by' in finding.undo) type.ops.parse(finding.undo.by);
          }
    });

    it('owes only to itself, and to kinds that it names', () => {
      const payers = new Set([type.kind, ...(type.owesTo ?? [])]);
      for (const { data } of diffs)
        for (const finding of type.diff(type.desired.parse(data.desired), data.actual))
          if ('does' in finding)
            for (const debt of finding.owes ?? []) assert.ok(payers.has(debt.kind), `owes to ${debt.kind}`);
    });

    it('has an op that takes back whatever may cut the operator off', () => {
      for (const { data } of diffs)
        for (const finding of type.diff(type.desired.parse(data.desired), data.actual))
          if ('does' in finding && finding.cutsOff !== undefined) assert.ok('by' in finding.undo);
    });

    it('has a converge fixture for every op', () => {
      const covered = new Set(
        fixturesIn<{ op: { op: string } }>(join(tests, 'converge')).map(({ data }) => data.op.op),
      );
      assert.deepEqual(
        opNames(type.ops).filter((op) => !covered.has(op)),
        [],
      );
    });

    it('does not throw while reading a bare host', async () => {
      const desired = type.examples.map((example) => type.desired.parse(example));
      const readings = await type.read(new FakeHost(), desired);
      assert.deepEqual([...readings.keys()].sort(), desired.map((one) => type.key(one)).sort());
    });

    it('has an injection fixture', () => {
      const names = ['read', 'diff', 'converge', 'rejects'].flatMap((part) =>
        existsSync(join(tests, part)) ? readdirSync(join(tests, part)) : [],
      );
      assert.ok(names.some((name) => name.includes('injection')));
    });
  });
}
