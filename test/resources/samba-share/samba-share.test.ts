import { strict as assert } from 'node:assert';
import sambaShare from '../../../src/resources/samba-share/index.ts';
import { sessions } from '../../../src/resources/samba-share/sessions.ts';
import type { SomeFailed } from '../../../src/engine/some-failed.ts';
import type { Command, CommandResult } from '../../../src/host/host.ts';
import { FakeHost } from '../../support/fake-host.ts';

/** Its testparm does not know one parameter. */
class JudgingHost extends FakeHost {
  override async run(command: Command): Promise<CommandResult> {
    const result = await super.run(command);
    if (command.program !== 'testparm') return result;
    const candidate = this.readFile('/run/phoenix-samba/phoenix.conf')?.toString() ?? '';
    return candidate.includes('nonsense')
      ? { ...result, stderr: 'Ignoring unknown parameter "nonsense"\n' }
      : result;
  }
}

const sharesOf = (ours: string) =>
  new JudgingHost({
    files: {
      '/etc/samba/smb.conf': '[homes]\ninclude = /etc/samba/phoenix.conf\n',
      '/etc/samba/phoenix.conf': ours,
      '/srv/a': { type: 'directory' },
      '/run/x': '',
    },
  });
const oursOn = (host: FakeHost): string | undefined => host.readFile('/etc/samba/phoenix.conf')?.toString();
const asked = (host: FakeHost, program: string): number =>
  host.calls.filter(([what, name]) => what === 'run' && name === program).length;

const accepts = (fields: object): boolean =>
  sambaShare.desired.safeParse({ name: 'a', path: '/srv/a', ...fields }).success;

describe('SambaShare', () => {
  for (const name of ['media', "docs 'é #1", 'a.b_c-d', 'x$', '日本', '(a) & {b}'])
    it(`takes the name ${name}`, () => {
      assert.ok(accepts({ name }));
    });

  for (const name of [
    '',
    '-x',
    ' a',
    'a ',
    'a  b',
    'a%U',
    'a/b',
    '[x]',
    'a:b',
    'a"b',
    'a\nb',
    'GLOBAL',
    'homes',
    'IPC$',
    'x'.repeat(81),
  ])
    it(`refuses the name ${JSON.stringify(name)}`, () => {
      assert.ok(!accepts({ name }));
    });

  for (const path of [`/srv/-r 'é" #;[x]=`, '/srv/"a" b', '/srv/日本'])
    it(`takes the path ${path}`, () => {
      assert.ok(accepts({ path }));
    });

  for (const path of ['/srv/%U', '/srv/a  b', '/srv/a ', '/srv/a\\', '/srv/a"', 'srv', '/srv/../a'])
    it(`refuses the path ${JSON.stringify(path)}`, () => {
      assert.ok(!accepts({ path }));
    });

  for (const user of [
    'alice',
    '@staff',
    '+staff',
    '&@staff',
    'Domain Users',
    'DOM\\alice',
    '@Domain Admins',
    'a.b',
  ])
    it(`takes the user ${user}`, () => {
      assert.ok(accepts({ validUsers: [user] }));
    });

  for (const user of ['', '-x', 'a,b', '"a"', '@', '%S', 'a  b', 'a\nb', 'a;b'])
    it(`refuses the user ${JSON.stringify(user)}`, () => {
      assert.ok(!accepts({ validUsers: [user] }));
    });

  it('refuses options that have a field, bring settings from elsewhere or break the line', () => {
    assert.ok(accepts({ options: { 'veto files': '/.x/', 'fruit:aapl': 'yes' } }));
    for (const options of [
      { writable: 'yes' },
      { 'Valid Users': 'x' },
      { include: '/x' },
      { 'config file': '/x' },
      { copy: 'y' },
      { '[x]': 'y' },
      { 'a\nb': 'y' },
      { x: 'ends with \\' },
      { x: 'a\n[global]' },
    ])
      assert.ok(!accepts({ options }), JSON.stringify(options));
  });

  it('wants a path unless the share is to go', () => {
    assert.ok(!accepts({ path: undefined }));
    assert.ok(accepts({ path: undefined, ensure: 'absent' }));
  });

  it('requires the accounts, the directory and the dataset that it names', () => {
    const want = sambaShare.desired.parse({
      name: 'a',
      path: '/tank/a',
      dataset: 'tank/a',
      validUsers: ['alice', '@staff'],
      forceUser: 'bob',
      forceGroup: '+media',
    });
    const refs = sambaShare.requires?.(want) ?? [];
    for (const ref of [
      'SambaServer[system]',
      'Directory[/tank/a]',
      'ZfsDataset[tank/a]',
      'UnixUser[alice]',
      'UnixGroup[staff]',
      'UnixUser[bob]',
      'UnixGroup[media]',
    ] as const)
      assert.ok(refs.includes(ref), ref);
  });

  const write = (name: string, line = 'read only = Yes', path = '/srv/a') => ({
    op: 'write' as const,
    name,
    lines: [line],
    needs: { path, modules: [] },
  });
  const remove = (name: string) => ({ op: 'remove' as const, name });

  it('converges all for one look of testparm, and disconnects from what is gone after one reload', async () => {
    const host = sharesOf('[global]\nworkgroup = X\n[old]\npath = /srv/a\n[older]\npath = /srv/a\n');
    await sambaShare.convergeTogether?.([write('b'), remove('old'), write('c'), remove('older')], host);
    assert.match(
      oursOn(host) ?? '',
      /^#.*\n\n\[global\]\n\tworkgroup = X\n\n\[b\]\n\tread only = Yes\n\n\[c\]\n/,
    );
    assert.doesNotMatch(oursOn(host) ?? '', /old/);
    assert.deepEqual([asked(host, 'testparm'), asked(host, 'smbcontrol')], [1, 3]);
  });

  it('mends what only together is right again', async () => {
    const host = sharesOf('[b]\nnonsense = 1\n[c]\nnonsense = 2\n');
    await sambaShare.convergeTogether?.([write('b'), write('c')], host);
    assert.doesNotMatch(oursOn(host) ?? '', /nonsense/);
  });

  it('writes the others where one is wrong, and tells which and why', async () => {
    const host = sharesOf('');
    const ops = [write('b'), write('lost', '', '/srv/none'), write('odd', 'nonsense = 1'), write('c')];
    await assert.rejects(sambaShare.convergeTogether!(ops, host), (error: SomeFailed) => {
      assert.deepEqual([...error.reasons.keys()], ['lost', 'odd']);
      assert.match(error.reasons.get('odd') ?? '', /^testparm rejects .*nothing was written:\n.*nonsense/);
      return true;
    });
    assert.deepEqual(oursOn(host)?.match(/^\[.*\]$/gm), ['[b]', '[c]']);
  });

  it('leaves no file of ours when its last section goes', async () => {
    const host = sharesOf('[b]\npath = /srv/a\n');
    await sambaShare.convergeTogether?.([remove('b')], host);
    assert.equal(oursOn(host), undefined);
  });

  it('lists its own shares as they are declared', async () => {
    const host = new FakeHost({
      files: {
        '/etc/samba/smb.conf': '[homes]\n',
        '/etc/samba/phoenix.conf':
          '[global]\nworkgroup = X\n[a b]\npath = /srv/a\nread only = No\nvalid users = "Domain Users" @staff\nveto files = /x/\n[odd]\npath = %U\n',
      },
    });
    assert.deepEqual(await sambaShare.list?.(host), [
      {
        name: 'a b',
        path: '/srv/a',
        readOnly: false,
        validUsers: ['@staff', 'Domain Users'],
        options: { 'veto files': '/x/' },
      },
    ]);
  });

  it('does not take something else for the answer of smbstatus', () => {
    assert.throws(() => sessions.parse('Samba version 4.17\n', { code: 0, stdout: '', stderr: '' }));
    assert.deepEqual(
      sessions.parse('{"sessions": {}, "tcons": {}}', { code: 0, stdout: '', stderr: '' }),
      new Map(),
    );
  });
});
