/** `cases/*.yaml`: a manifest and either its value or its problems, one line each. A new case is an entry there. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import type { Problem } from '../../src/manifest/problem.ts';
import { showPath } from '../../src/manifest/show.ts';
import { renderProblems } from '../../src/report/problems.ts';
import { fixturesIn } from '../support/fixtures.ts';
import { sampleSchema } from './sample-schema.ts';

interface Case {
  name: string;
  manifest: string;
  value?: unknown;
  problems?: string[];
}

const here = import.meta.dirname;

const asLine = ({ position, path, message, hint, sourceLine }: Problem): string =>
  [
    position === undefined ? '' : `${position.line}:${position.column}: `,
    path.length === 0 ? '' : `${showPath(path)}: `,
    message,
    hint === undefined ? '' : ` (${hint})`,
    position !== undefined && sourceLine === undefined ? ' [line not shown]' : '',
  ].join('');

const problemsOf = (content: string | Buffer, schema: z.ZodType = sampleSchema): readonly Problem[] => {
  const parsed = parseManifest(Buffer.from(content), 'phoenix.yaml', schema);
  return parsed.ok ? [] : parsed.problems;
};

for (const { name: topic, data } of fixturesIn<Case[]>(join(here, 'cases')))
  describe(`manifests: ${topic}`, () => {
    for (const { name, manifest, value, problems } of data)
      it(name, () => {
        const parsed = parseManifest(Buffer.from(manifest), 'phoenix.yaml', sampleSchema);
        if (parsed.ok) assert.deepEqual(parsed.value, value);
        else assert.deepEqual(parsed.problems.map(asLine), problems);
      });
  });

describe('forty mistakes in one manifest', () => {
  const content = readFileSync(join(here, 'forty-mistakes.yaml'));
  const problems = problemsOf(content);

  it('are forty errors, each with its position, in the order of the file', () => {
    assert.equal(problems.length, 40);
    const places = problems.map(({ position }) => position!.line * 1000 + position!.column);
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
    assert.deepEqual(problemsOf(content), problems);
  });

  it('are told as expected', () => {
    const expected = readFileSync(join(here, 'forty-mistakes.txt'), 'utf8');
    assert.equal(renderProblems(problems), expected);
  });

  it('are the same data in JSON', () => {
    const read = JSON.parse(JSON.stringify(problems)) as Problem[];
    assert.deepEqual(read, problems);
  });
});

describe('what is no manifest', () => {
  const only = (content: string | Buffer, told: RegExp): void => {
    const problems = problemsOf(content);
    assert.equal(problems.length, 1);
    assert.match(asLine(problems[0]!), told);
  };

  it('is refused before it is parsed', () => {
    only(
      Buffer.from([0x61, 0x3a, 0x20, 0x62, 0x0a, 0xff]),
      /^not UTF-8: line 2 has an invalid byte sequence/,
    );
    only('\ufeffversion: 1\n', /^1:1: the file starts with a byte order mark/);
    only('version: 1\n# \0\n', /^2:3: a NUL byte/);
    only('version: 1\n# \u001b[31m\n', /^2:3: the control character U\+001B/);
    only('version: 1\n# \u202e\n', /^2:3: the control character U\+202E/);
    only('version: 1\rinitial: {}\n', /^1:11: the control character U\+000D/);
    only(Buffer.alloc(5 * 1024 * 1024, 'a'), /^the file has 5242880 bytes, expected at most 4194304/);
  });

  it('is refused for its depth, in any form and at any size', () => {
    const started = performance.now();
    only(`a: ${'['.repeat(65)}${']'.repeat(65)}`, /nested deeper than 64 levels/);
    only(`a: ${'['.repeat(10_000)}`, /nested deeper than 64 levels/);
    only(`a: ${'{a: '.repeat(1_000_000)}`, /nested deeper than 64 levels/);
    only(`${'- '.repeat(500_000)}a`, /nested deeper than 64 levels/);
    only(`x: y: z\n${'['.repeat(1_000_000)}`, /^1:5: not YAML/);
    only(`x: y: z\na: ${'- '.repeat(500_000)}`, /^1:5: not YAML/);
    assert.ok(performance.now() - started < 2000);
  });

  it('is refused for aliases that multiply', () => {
    const level = (n: number): string =>
      `  ${'abcdefghi'[n]}: &${'abcdefghi'[n]} [${`*${'abcdefghi'[n - 1]}, `.repeat(9)}]\n`;
    const bomb = `initial: # the nine times nine times nine\n  a: &a [1, 2]\n${[1, 2, 3, 4, 5, 6, 7, 8].map(level).join('')}`;
    const started = performance.now();
    const problems = problemsOf(bomb);
    assert.ok(performance.now() - started < 1000);
    assert.ok(
      problems.some(({ message }) => message.includes('aliases that stand for more than 200000 values')),
    );
    const many = problemsOf(`version: 1\nusers:\n - &a {name: a}\n${' - *a\n'.repeat(101)}`);
    assert.deepEqual(many.map(asLine), ['104:4: users[101]: more than 100 aliases']);
  });
});

describe('a manifest that is right', () => {
  const parse = (text: string) => {
    const parsed = parseManifest(Buffer.from(text), 'phoenix.yaml', sampleSchema);
    assert.ok(parsed.ok);
    return parsed;
  };

  for (const [reader, start] of [
    ['fast', ''],
    ['slow', '---\n'],
  ] as const)
    it(`tells later stages where things stand (${reader} reader)`, () => {
      const line = start === '' ? 0 : 1;
      const { locate, problemAt } = parse(
        `${start}version: 1\nusers:\n  - { name: alice }\n  - { name: bob }\n`,
      );
      assert.deepEqual(locate(['users', 1, 'name']), { line: 4 + line, column: 13 });
      assert.deepEqual(locate(['users', 1, 'name'], 'key'), { line: 4 + line, column: 7 });
      assert.deepEqual(locate(['users'], 'key'), { line: 2 + line, column: 1 });
      assert.equal(locate(['users', 2]), undefined);
      assert.equal(locate(['version', 'x']), undefined);
      const { file, position, sourceLine } = problemAt({ path: ['users', 0], message: 'defined twice' });
      assert.deepEqual([file, position?.line, sourceLine], ['phoenix.yaml', 3 + line, '  - { name: alice }']);
      assert.equal(problemAt({ path: ['nowhere'], message: 'x' }).position, undefined);
    });

  it('may be JSON, also indented by tabs', () => {
    const value = { version: 1, users: [{ name: 'é😀', shell: '/bin/sh' }] };
    assert.deepEqual(parse(JSON.stringify(value)).value, value);
    assert.deepEqual(parse(JSON.stringify(value, null, '\t')).value, value);
    assert.deepEqual(parse('{"version": 1, "users": [{"name": "\\u00e9\\ud83d\\ude00"}]}').value, value);
    assert.match(
      asLine(problemsOf('{"version": 1, "version": 1}')[0]!),
      /^1:16: version: .*twice; first in line 1, column 2/,
    );
  });

  it('counts columns in characters', () => {
    const [problem] = problemsOf('version: 1\nusers: [{ name: "é😀", shel: x }]\n');
    assert.deepEqual(problem?.position, { line: 2, column: 23 });
  });

  it('is told apart from one whose line ends are those of Windows', () => {
    assert.deepEqual(parse('version: 1\r\ninitial: { hostname: a }\r\n').value.initial?.hostname, 'a');
    assert.equal(problemsOf('version: 1\r\nx: 1\r\n')[0]?.sourceLine, 'x: 1');
  });
});

describe('schemas of other shapes', () => {
  const told = (schema: z.ZodType, text: string): string[] => problemsOf(text, schema).map(asLine);

  it('are walked for their keys', () => {
    const inner = z.strictObject({ colour: z.string().nullable() });
    const schema = z.strictObject({
      lazy: z.lazy(() => inner).optional(),
      both: z.intersection(z.object({ a: z.string() }), z.object({ b: z.string() })).optional(),
      tuple: z.tuple([z.string(), inner]).optional(),
      piped: z.string().pipe(z.string().min(2)).optional(),
      byName: z.partialRecord(z.enum(['red', 'green']), inner).optional(),
      nested: z.union([z.union([z.ipv4(), z.ipv6()]), z.literal(['any', 'none'])]).optional(),
      set: z.array(z.number().multipleOf(2)).min(1).max(2).optional(),
      text: z.string().startsWith('/').max(3).optional(),
      size: z.number().lt(5).optional(),
      mac: z.base64().optional(),
    });
    assert.deepEqual(told(schema, 'lazy: { color: x, colour: null }'), [
      '1:9: lazy.color: unknown key "color" (did you mean "colour"?)',
    ]);
    assert.deepEqual(told(schema, 'tuple: [a, { colur: x, colour: a }]'), [
      '1:14: tuple[1].colur: unknown key "colur" (did you mean "colour"?)',
    ]);
    assert.deepEqual(told(schema, 'byName: { gren: { colour: a } }'), [
      '1:11: byName.gren: unknown key "gren" (did you mean "green"?)',
    ]);
    assert.deepEqual(told(schema, 'nested: nnoe'), [
      '1:9: nested: expected one of any, none or an IPv4 address or an IPv6 address; found "nnoe" (did you mean "none"?)',
    ]);
    assert.deepEqual(told(schema, 'set: [1]\ntext: ab/c\nsize: 5\npiped: a\nmac: "?"'), [
      '1:7: set[0]: expected a multiple of 2; found the number 1',
      '2:7: text: expected text that starts with "/"; found "ab/c"',
      '2:7: text: expected at most 3 characters; found "ab/c"',
      '3:7: size: expected a number below 5; found the number 5',
      '4:8: piped: expected at least 2 characters; found "a"',
      '5:6: mac: expected text in the form base64; found "?"',
    ]);
  });
});
