/** The fast reader may refuse what it likes, but what it reads, the slow one reads without a complaint and alike. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { readDocument } from '../../src/manifest/document.ts';
import { readFast } from '../../src/manifest/fast.ts';
import { readSource } from '../../src/manifest/source.ts';

const SCALARS =
  'a b key yes no on off y n ~ null Null true True FALSE 1 0 -1 +1 1.5 1. .5 1e3 010 -07 0o17 0x1f 0b1 1_000 1:20 .inf -.inf .nan << = - ? : :: a:b -x ?x :x @a `a %a {} [] 2001-01-01 10.0.0.1 0000:01:00.0 00:11:22:33:44:55 fe80::1 123456789012345678 1.10 __proto__ constructor é 😀'
    .split(' ')
    .concat(["''", '""', "'a b'", '"a\\nb"', '"\\u0041"', '"\\/"', '"\\x41"', 'x y', 'a #b', 'a# b', '']);
const PIECES = SCALARS.concat(
  [
    ': ',
    ':',
    '- ',
    '-',
    '\n',
    '\n\n',
    '\n  ',
    '\n    ',
    '\n ',
    '  ',
    '\t',
    ' ',
    '"',
    "'",
    '|',
    '>',
    '|-',
    '>+',
    '|2',
    '|1-',
  ],
  [
    '#',
    ' # c',
    '[',
    ']',
    '{',
    '}',
    ',',
    ', ',
    '? ',
    '&x ',
    '*x',
    '!t ',
    '!!str ',
    '%Y',
    '---',
    '...',
    '\r\n',
    '\\',
    '\\\n',
  ],
  [
    'k: v',
    '- a',
    'k:\n',
    '"a": ',
    '- - ',
    'a: |\n  ',
    'b: >\n  ',
    'c: >-\n  ',
    'c: "',
    "d: '",
    '- k: v\n  l: w',
    '-\n',
    ':\n',
  ],
);

const scalar = fc.constantFrom(...SCALARS);
const soup = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 25 })
  .map((pieces) => pieces.join(''));

// A type and no interface: letrec wants an index signature.
type Shapes = { flow: string; block: string[] };

const flowMap = (pairs: [string, string][]): string =>
  `{${pairs.map(([key, value]) => `${key}: ${value}`).join(', ')}}`;

const blockMap = (pairs: [string, string, string[], number][]): string[] =>
  pairs.flatMap(([key, colon, value, indent]) =>
    value.length === 1 && indent > 0
      ? [`${key}${colon}${value.join('')}`]
      : [`${key}${colon}`, ...value.map((line) => ' '.repeat(indent || 2) + line)],
  );

const blockList = (items: string[][]): string[] =>
  items.flatMap((lines) => lines.map((line, at) => `${at === 0 ? '-' : ' '} ${line}`));

const key = fc.oneof(fc.constantFrom('a', 'b', 'c', 'd'), scalar);
const colon = fc.constantFrom(':', ': ', ': |', ': >', ': >-', ':\t', ': #x');
const some = { minLength: 1, maxLength: 4 };

const { flow, block } = fc.letrec<Shapes>((tie) => ({
  flow: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(fc.tuple(scalar, tie('flow')), { maxLength: 4 }).map(flowMap),
    fc.array(tie('flow'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
  ),
  block: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...PIECES).map((piece) => [piece]),
    fc.array(fc.tuple(key, colon, tie('block'), fc.nat(3)), some).map(blockMap),
    fc.array(tie('block'), some).map(blockList),
  ),
}));

const documents = fc.oneof(
  soup,
  flow,
  block.map((lines) => `${lines.join('\n')}\n`),
  fc.tuple(soup, block).map(([text, lines]) => `${text}\n${lines.join('\n')}`),
);

const agree = (text: string): boolean => {
  const source = readSource(Buffer.from(text));
  const fast = 'text' in source ? readFast(source.text) : undefined;
  if (fast === undefined || Array.isArray(fast)) return false;
  const slow = readDocument(text);
  assert.deepEqual(slow.findings, []);
  assert.deepEqual(fast, slow.value);
  return true;
};

describe('the two readers of YAML', () => {
  it('agree on whatever the fast one reads', () => {
    let read = 0;
    fc.assert(
      fc.property(documents, (text) => {
        if (agree(text)) read += 1;
      }),
      { numRuns: 20_000 },
    );
    assert.ok(read > 500, `only ${read} documents were read`);
  });

  it('agree on every scalar in every place', () => {
    for (const one of SCALARS)
      for (const text of [
        `k: ${one}\n`,
        `k:\n  - ${one}\n`,
        `k: [${one}, b]\n`,
        `${one}: v\n`,
        `k: { ${one}: v }\n`,
        `k: |\n  ${one}\n`,
      ])
        agree(text);
  });

  /** Found by the property above in some millions of documents; they must stay with the slow reader. */
  for (const text of [
    'a:\n\tb: 1\n',
    '...\na: 1\n',
    "'b': >+\n\n\n    ",
    'k: |2\n\n    ',
    '{+1&x "-1 # c\r\n:x}',
    'a: "#x\\\n\n     ?x"\n',
    "'':\n - -\n\n -   \n#:\n  \\n\nc: x\n",
    'k:\n\n#no<<\n =\nd: x',
    'k:\n- {10x1}nok: v<<',
    "a:\n- ''b: >\n  ",
    'a: "x"y\n',
  ])
    it(`the fast one does not read ${JSON.stringify(text)}`, () => {
      assert.equal(readFast(text), undefined);
    });

  it('read the plain manifests of every day fast', () => {
    const plain = [
      'version: 1\ninitial:\n  hostname: a\n  # why\n  sysctl: { vm.swappiness: 10 }\n',
      "a: '0750'\nb: 10.0.0.0/24\nc: |\n  #!/bin/sh\n  # comment\n  echo ${X}y [a-z]* & *\nd: [a, 'b']\n",
      '{"version": 1, "resources": [{"File": {"path": "/etc/motd", "content": "a\\nb"}}]}',
    ];
    for (const text of plain) assert.notEqual(readFast(text), undefined, text);
  });
});
