import { strict as assert } from 'node:assert';
import sambaShare from '../../../src/resources/samba-share/index.ts';
import { sessions } from '../../../src/resources/samba-share/sessions.ts';
import { FakeHost } from '../../support/fake-host.ts';

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

  for (const path of ['/srv/%U', '/srv/a  b', '/srv/a ', '/srv/a\\', 'srv', '/srv/../a'])
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
