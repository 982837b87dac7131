import { strict as assert } from 'node:assert';
import { unitWord } from '../../src/host/reboot-state.ts';

/** An argument, and the word of systemd.service(5) that is it. */
const WORDS: readonly (readonly [argument: string, word: string])[] = [
  ['--no-color', '--no-color'],
  ['/etc/phoenix/phoenix.yaml', '/etc/phoenix/phoenix.yaml'],
  ['/etc/phoenix/my host.yaml', '"/etc/phoenix/my host.yaml"'],
  ['/a/100%', '"/a/100%%"'],
  ['/a/$HOME', '"/a/$$HOME"'],
  ['/a/"b"\\c', '"/a/\\"b\\"\\\\c"'],
  ['/a/;', '"/a/;"'],
  ['/a/b\nExecStart=/bin/false', '"/a/b\\nExecStart=/bin/false"'],
];

describe('the unit that goes on after a reboot', () => {
  for (const [argument, word] of WORDS)
    it(`has ${JSON.stringify(argument)} as ${word}`, () => {
      assert.equal(unitWord(argument), word);
    });
});
