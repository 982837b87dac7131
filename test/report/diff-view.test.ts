import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { displayArgv, escapeControls, lastLines } from '../../src/host/display.ts';
import { diffLines } from '../../src/report/diff-view.ts';
import { paintFor } from '../../src/report/paint.ts';

const plain = paintFor(false);
const ACTS_ON_A_TERMINAL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const anyText = fc.string({ unit: 'binary' });

describe('the diff view', () => {
  it('shows what changes with its surroundings', () => {
    const from = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join('');
    assert.deepEqual(diffLines(from, from.replace('line 9\n', 'nine\n'), plain), [
      '@@ -7,7 +7,7 @@',
      ...[' line 6', ' line 7', ' line 8', '-line 9', '+nine', ' line 10', ' line 11', ' line 12'],
    ]);
    assert.deepEqual(diffLines('a', 'a\n', plain), [
      '@@ -1,1 +1,1 @@',
      '-a',
      '\\ No newline at end of file',
      '+a',
    ]);
  });

  it('is painted by what happens', () => {
    const lines = diffLines('a\nb\n', 'a\nc\n', paintFor(true));
    assert.deepEqual(lines.slice(1), [
      '\u001b[2m a\u001b[22m',
      '\u001b[31m-b\u001b[39m',
      '\u001b[32m+c\u001b[39m',
    ]);
  });

  it('tells only sizes of what is binary, huge or too different', () => {
    assert.deepEqual(diffLines('a\0', 'text', plain), ['binary, 2 bytes → 4 bytes']);
    assert.deepEqual(diffLines('', 'é'.repeat(300_000), plain), [
      'too large to show, 0 bytes → 600000 bytes',
    ]);
    const noise = (seed: number) =>
      Array.from({ length: 25_000 }, (_, index) => `${(index * 7919 + seed) % 99_991}\n`).join('');
    const began = Date.now();
    const [line = ''] = diffLines(noise(1), noise(50_000), plain);
    assert.match(line, /^too different to show, \d+ bytes → \d+ bytes$/);
    assert.ok(Date.now() - began < 5000);
  });

  it('is bounded in lines and in their length', () => {
    const lines = diffLines('', 'x\n'.repeat(1000), plain);
    assert.equal(lines.length, 201);
    assert.equal(lines.at(-1), '… 801 more lines');
    assert.equal(diffLines('', 'y'.repeat(5000), plain)[1], `+${'y'.repeat(399)}…`);
  });

  it('cannot be used to write on the terminal (property)', () => {
    assert.equal(diffLines('', '\u001b[2J\u202e\u009b', plain)[1], '+\\x1b[2J\\u202e\\x9b');
    fc.assert(
      fc.property(anyText, anyText, (from, to) => {
        for (const line of diffLines(from, to, plain)) assert.doesNotMatch(line, ACTS_ON_A_TERMINAL);
      }),
    );
  });
});

describe('foreign text', () => {
  it('is shown without what acts on a terminal, and otherwise as it is (property)', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = escapeControls(text);
        assert.doesNotMatch(shown, ACTS_ON_A_TERMINAL);
        assert.equal(escapeControls(shown), shown);
        if (!ACTS_ON_A_TERMINAL.test(text)) assert.equal(shown, text);
      }),
    );
  });

  it('is one line as a command, which a shell would take for the same words', () => {
    const shown = displayArgv({
      program: 'rm',
      args: ['-f', 'a b', "it's", '$(id)', 'x\ny', '\u001b[2J', '', '~'],
    });
    assert.equal(shown, `rm -f 'a b' 'it'\\''s' '$(id)' 'x\\ny' '\\x1b[2J' '' '~'`);
  });

  it('is cut to its last lines', () => {
    assert.equal(lastLines('a\n\nb  \n\u0007c\n', 2), '  b\n  \\x07c');
    assert.equal(lastLines('x'.repeat(600), 1).length, 502);
  });
});
