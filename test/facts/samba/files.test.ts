import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  includeIn,
  ownLines,
  textOf,
  withInclude,
  withoutInclude,
  withSection,
} from '../../../src/facts/samba/files.ts';
import { sectionsOf, type Section } from '../../../src/facts/samba/sections.ts';

/** Text of a foreign smb.conf, line by line. */
const foreign = fc
  .array(
    fc.constantFrom(
      '[global]',
      '[homes]',
      '  read only = no',
      '# comment',
      '; another',
      '',
      'include = /etc/x',
      'odd',
    ),
  )
  .map((lines) => lines.map((line) => `${line}\n`).join(''));

describe('the files of Samba', () => {
  it('adds one line to the file of the distribution, and leaves every other as it was', () => {
    fc.assert(
      fc.property(foreign, (main) => {
        const included = withInclude(main);
        assert.ok(included.startsWith(main));
        assert.equal(includeIn(included), 'last');
        assert.equal(withInclude(included), included);
        assert.equal(withoutInclude(included), main);
      }),
    );
  });

  it('moves its line to the end, and keeps what came after', () => {
    fc.assert(
      fc.property(foreign, foreign, (before, after) => {
        const main = withInclude(before) + after;
        assert.equal(withInclude(main), withInclude(before + after));
      }),
    );
  });

  it('ends the last line of a file that has no newline there', () => {
    assert.match(withInclude('[global]\nworkgroup = X'), /^workgroup = X\n# managed/m);
  });

  it('knows its line however it is written, and comments after it', () => {
    assert.equal(includeIn('[global]\n  Include=/etc/samba/phoenix.conf  \n# end\n\n'), 'last');
    assert.equal(includeIn('include = /etc/samba/phoenix.conf\n[x]\n'), 'not last');
    assert.equal(includeIn('# include = /etc/samba/phoenix.conf\n'), 'missing');
  });

  it('changes one section of ours and no other', () => {
    const lines = fc.array(fc.constantFrom('path = /a', 'comment = [x] # y', 'read only = No'));
    const own = fc.uniqueArray(fc.tuple(fc.constantFrom('global', 'a', 'b c', "d'e é"), lines), {
      selector: ([name]) => name,
    });
    fc.assert(
      fc.property(own, fc.constantFrom('global', 'a', 'new'), lines, (sections, name, wanted) => {
        const rendered = (own: readonly Section[], one?: readonly string[]) =>
          sectionsOf(textOf(withSection(own, name, one)));
        const own = rendered(
          sections.map(([one, content]) => ({ name: one, line: 0, lines: content })),
          wanted,
        );
        const after = { own };
        assert.deepEqual(ownLines(after, name), wanted);
        for (const [one, content] of sections)
          if (one !== name) assert.deepEqual(ownLines(after, one), content);
        assert.deepEqual(rendered(own, wanted), own);
        assert.equal(ownLines({ own: rendered(own) }, name), undefined);
      }),
    );
  });

  it('reads a line that goes on in the next, also at the end of the file', () => {
    assert.deepEqual(
      sectionsOf('a = 1\n[b]\nc = 2 \\\n[d]\ne = 3\\').map(({ name, lines }) => [name, lines]),
      [
        ['global', ['a = 1']],
        ['b', ['c = 2 [d]', 'e = 3']],
      ],
    );
  });
});
