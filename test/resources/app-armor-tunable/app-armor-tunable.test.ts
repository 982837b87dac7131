import { strict as assert } from 'node:assert';
import { convergeTogether } from '../../../src/resources/app-armor-tunable/converge.ts';
import { parsePolicy, usesAny } from '../../../src/facts/apparmor/policy-text.ts';
import { FakeHost } from '../../support/fake-host.ts';

const uses = (variable: string, ...texts: string[]): boolean =>
  usesAny(texts.map(parsePolicy), new Set([variable]));

describe('AppArmorTunable', () => {
  it('finds who uses a variable, through others that are made of it, and not in comments', () => {
    const home = '@{HOMEDIRS}=/home/\n@{HOME} = @{HOMEDIRS}/*/\n@{mine} += @{HOME}/x\n';
    assert.equal(uses('HOMEDIRS', home, 'profile a {\n  @{mine}/y r,\n}\n'), true);
    assert.equal(uses('HOMEDIRS', home, 'profile a {\n  # @{HOME}\n  @{other}/y r,\n}\n'), false);
    assert.equal(uses('mine', home, 'profile a {\n  @{HOME}/y r,\n}\n'), false);
  });

  it('follows every way to write an include', () => {
    const { includes, hasAlias } = parsePolicy(
      'include <a>\n  #include <b>\ninclude if exists <c.d>\ninclude "/x/d e"\ninclude /x/f\nabi <abi/3.0>,\n# include <no>\nalias /a -> /b,\n',
    );
    assert.deepEqual(includes, ['a', 'b', 'c.d', '/x/d e', '/x/f']);
    assert.equal(hasAlias, true);
  });

  it('parses the profiles of several changes once, and does the others when one fails', async () => {
    const host = new FakeHost({
      files: { '/run/lock': '', '/etc/apparmor.d/tunables/home': '' },
      commands: {
        'apparmor_parser -QTK -S -j 1 -I /run/phoenix-apparmor -- /etc/apparmor.d/a': {
          code: 1,
          stderr: 'bad',
        },
        'apparmor_parser -QTK -S -j 1 -- /etc/apparmor.d/a': '',
      },
    });
    await assert.rejects(
      convergeTogether(
        [
          { op: 'write', name: 'home', content: 'x', files: ['a'] },
          { op: 'reparse', files: ['b', 'c'] },
          { op: 'write', name: 'etc', content: 'y', files: [] },
          { op: 'reparse', files: ['c'] },
        ],
        host,
      ),
      /^Error: home: apparmor_parser rejects it; nothing was changed:\nbad$/,
    );
    const written = host.calls.filter(
      ([name, path]) => name === 'writeFile' && !String(path).startsWith('/run'),
    );
    assert.deepEqual(
      written.map(([, path]) => path),
      ['/etc/apparmor.d/tunables/etc.d/phoenix'],
    );
    assert.deepEqual(
      host.calls
        .filter(([name]) => name === 'run')
        .slice(-2)
        .map((call) => call.at(-1)),
      ['/etc/apparmor.d/b', '/etc/apparmor.d/c'],
    );
  });
});
