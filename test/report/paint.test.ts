import { strict as assert } from 'node:assert';
import { paintFor, wantsColour } from '../../src/report/paint.ts';

const terminal = { isTTY: true };

describe('colours', () => {
  const cases: [string, { isTTY?: boolean }, Record<string, string>, boolean, boolean][] = [
    ['on a terminal', terminal, {}, true, true],
    ['not without a terminal', {}, {}, true, false],
    ['not with --no-color', terminal, { FORCE_COLOR: '1' }, false, false],
    ['not with NO_COLOR', terminal, { NO_COLOR: '1' }, true, false],
    ['with an empty NO_COLOR, which means nothing', terminal, { NO_COLOR: '' }, true, true],
    ['not on a dumb terminal', terminal, { TERM: 'dumb' }, true, false],
    ['with FORCE_COLOR anywhere', {}, { FORCE_COLOR: '1', NO_COLOR: '1' }, true, true],
    ['not with FORCE_COLOR=0', {}, { FORCE_COLOR: '0' }, true, false],
    ['not with an empty FORCE_COLOR, which means nothing', {}, { FORCE_COLOR: '' }, true, false],
  ];
  for (const [name, stream, environment, flag, wanted] of cases)
    it(`are used ${name}`, () => {
      assert.equal(wantsColour(stream, environment, flag), wanted);
    });

  it('are what they are called, or nothing at all', () => {
    const { good, warn, bad, faint, strong } = paintFor(true);
    assert.equal(
      good('a') + warn('b') + bad('c'),
      '\u001b[32ma\u001b[39m\u001b[33mb\u001b[39m\u001b[31mc\u001b[39m',
    );
    assert.equal(faint('d') + strong('e'), '\u001b[2md\u001b[22m\u001b[1me\u001b[22m');
    const plain = paintFor(false);
    assert.equal(
      plain.good('a') + plain.warn('b') + plain.bad('c') + plain.faint('d') + plain.strong('e'),
      'abcde',
    );
  });
});
