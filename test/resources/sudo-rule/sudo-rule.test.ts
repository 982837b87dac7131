import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { render } from '../../../src/resources/sudo-rule/render.ts';
import sudoRule from '../../../src/resources/sudo-rule/index.ts';
import { FakeHost } from '../../support/fake-host.ts';

const accepts = (fields: object) =>
  sudoRule.desired.safeParse({ name: 'admins', rules: [{ user: 'alice' }], ...fields }).success;
const acceptsCommand = (command: string) => accepts({ rules: [{ user: 'alice', commands: [command] }] });

const FILE = '/etc/sudoers.d/admins';
const brokenWhole = { 'visudo -c -f /etc/sudoers': { code: 1, stderr: 'syntax error' } };

describe('SudoRule', () => {
  it('has no difference to what it has rendered, and loses nothing of a command', () => {
    const argument = fc.string({ unit: fc.constantFrom(...Array.from('ab-,:=#\\*"!%@')), minLength: 1 });
    const command = fc
      .tuple(fc.constantFrom('/bin/a', '/opt/b,c'), fc.array(argument))
      .map(([path, args]) => [path, ...args].join(' '));
    fc.assert(
      fc.property(fc.array(command, { minLength: 1 }), (commands) => {
        const want = sudoRule.desired.parse({ name: 'admins', rules: [{ user: 'alice', commands }] });
        const text = render(want);
        const [, line = '', last] = text.split('\n');
        assert.equal(last, '');
        // what sudo's lexer does: an escaped character is itself, a bare comma parts commands
        const parts = line.replace('alice ALL=(ALL:ALL) ', '').match(/(?:\\.|[^\\,:=#])+/g);
        const seen = parts?.map((part) => part.trim().replace(/\\([\\,:=#])/g, '$1'));
        assert.deepEqual(seen, commands);
        const value = { type: 'file', text, mode: '0440', uid: 0, gid: 0 } as const;
        assert.deepEqual(sudoRule.diff(want, { is: 'present', value }), []);
      }),
      { numRuns: 1000 },
    );
  });

  it('accepts no name that sudo skips, and no way out of a line', () => {
    for (const name of ['a.b', 'a~', '-a', '', '../x', 'a b']) assert.ok(!accepts({ name }), name);
    for (const command of [
      'systemctl',
      '/bin/x\nALL ALL=(ALL) ALL',
      '!/bin/sh',
      '/bin/x  two',
      '/bin/x ^a$',
      'MYALIAS',
      '',
      '/bin/x\ty',
    ])
      assert.ok(!acceptsCommand(command), command);
    for (const command of ['ALL', '/bin/x', '/bin/x ""', 'sudoedit /etc/x', '/bin/x -a *'])
      assert.ok(acceptsCommand(command));
    for (const rule of [
      {},
      { user: 'alice', group: 'ops' },
      { user: '%ops' },
      { user: 'alice', runAs: '' },
      { user: 'alice', runAs: 'a)b' },
      { user: 'alice', host: '-x' },
      { user: 'alice', commands: [] },
    ])
      assert.ok(!accepts({ rules: [rule] }), JSON.stringify(rule));
    assert.ok(!accepts({ rules: [] }));
    assert.ok(accepts({ rules: [], ensure: 'absent' }));
  });

  it('comes after sudo and those whom it names', () => {
    const want = sudoRule.desired.parse({ name: 'x', rules: [{ user: 'alice' }, { group: 'ops' }] });
    const refs = sudoRule.requires!(want);
    assert.equal(refs[0], 'AptPackage[sudo]');
    assert.deepEqual(refs.slice(-2), ['UnixUser[alice]', 'UnixGroup[ops]']);
    assert.deepEqual(sudoRule.requires!(sudoRule.desired.parse({ name: 'x', ensure: 'absent' })), []);
    assert.deepEqual(sudoRule.owns!(want), ['path:/etc/sudoers.d/x']);
  });

  it('takes a new file away that would break the whole', async () => {
    const host = new FakeHost({ commands: brokenWhole });
    await assert.rejects(async () => {
      await sudoRule.converge({ op: 'write', name: 'admins', text: 'new' }, host);
    }, /brought back.*syntax error/);
    assert.equal(host.lstat(FILE), undefined);
  });

  it('brings an old file back, with its owner and mode', async () => {
    for (const op of [
      { op: 'write', name: 'admins', text: 'new' } as const,
      { op: 'remove', name: 'admins' } as const,
    ]) {
      const host = new FakeHost({
        files: { [FILE]: { content: 'old', mode: '0400' } },
        commands: brokenWhole,
      });
      await assert.rejects(async () => {
        await sudoRule.converge(op, host);
      }, /brought back/);
      assert.equal(host.readFile(FILE)?.toString(), 'old');
      assert.equal(host.lstat(FILE)?.mode, 0o400);
    }
  });
});
