import { strict as assert } from 'node:assert';
import type { Problem } from '../../src/manifest/problem.ts';
import { renderProblems } from '../../src/report/problems.ts';

const problem = (fields: Partial<Problem> = {}): Problem => ({
  file: 'phoenix.yaml',
  position: { line: 4, column: 12 },
  path: ['initial', 'upgrade'],
  message: 'expected one of none, full; found "fulll"',
  hint: 'did you mean "full"?',
  sourceLine: '  upgrade: fulll',
  ...fields,
});

const linesOf = (fields: Partial<Problem>): string[] => renderProblems([problem(fields)]).split('\n');

describe('the text of problems', () => {
  it('shows place, path, line, caret and hint, and closes with the count', () => {
    assert.equal(
      renderProblems([problem()]),
      [
        'phoenix.yaml:4:12: initial.upgrade: expected one of none, full; found "fulll"',
        '    4 |   upgrade: fulll',
        '      |            ^ did you mean "full"?',
        '',
        '1 error; nothing was changed',
        '',
      ].join('\n'),
    );
  });

  it('counts more than one', () => {
    assert.match(renderProblems([problem(), problem()]), /\n2 errors; nothing was changed\n$/);
  });

  it('does without a place, a line, a path or a hint', () => {
    const { position: _, sourceLine: __, ...bare } = problem({ path: [] });
    assert.equal(
      renderProblems([bare]).split('\n')[0],
      'phoenix.yaml: expected one of none, full; found "fulll"; did you mean "full"?',
    );
    const { hint: ___, ...hintless } = bare;
    assert.equal(
      renderProblems([hintless]).split('\n')[0],
      'phoenix.yaml: expected one of none, full; found "fulll"',
    );
  });

  it('writes paths as an operator would', () => {
    const [line] = linesOf({ path: ['a', 0, 'vm.swappiness', 'b-c', '\u001b[2J'] });
    assert.ok(line?.includes(': a[0]["vm.swappiness"].b-c["\\u001b[2J"]: '), line);
  });

  it('lets nothing from the manifest steer the terminal', () => {
    const evil = '\u001b[31m\u202e\u0007';
    const text = renderProblems([
      problem({ file: evil, message: evil, hint: evil, sourceLine: `x: ${evil}`, path: [evil] }),
    ]);
    assert.doesNotMatch(text, /[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
  });

  const caretAt = (fields: Partial<Problem>): string => {
    const [, line = '', caret = ''] = linesOf(fields);
    return line.slice(caret.indexOf('^')).slice(0, 5);
  };

  it('puts the caret under the character, after tabs, escapes and letters beyond ASCII', () => {
    assert.equal(caretAt({ sourceLine: '\tk: \u0007 value', position: { line: 1, column: 7 } }), 'value');
    assert.equal(caretAt({ sourceLine: 'é: value', position: { line: 1, column: 4 } }), 'value');
    const [, , wide = ''] = linesOf({ sourceLine: '日: value', position: { line: 1, column: 4 } });
    assert.equal(wide.indexOf('^'), 8 + '日: '.length + 1);
    assert.equal(caretAt({ sourceLine: 'k:', position: { line: 1, column: 99 } }), '');
  });

  it('cuts a long line around the caret', () => {
    const sourceLine = `${'a'.repeat(500)}value${'b'.repeat(500)}`;
    const [, line = ''] = linesOf({ sourceLine, position: { line: 1, column: 501 } });
    assert.ok(line.length < 110, line);
    assert.match(line, /\| …a+valueb+…$/);
    assert.equal(caretAt({ sourceLine, position: { line: 1, column: 501 } }), 'value');
    assert.equal(caretAt({ sourceLine, position: { line: 1, column: 1 } }), 'aaaaa');
  });
});
