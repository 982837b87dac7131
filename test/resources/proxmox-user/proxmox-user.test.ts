import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { pveUsers } from '../../../src/facts/pveum.ts';
import proxmoxUser from '../../../src/resources/proxmox-user/index.ts';
import { FakeHost } from '../../support/fake-host.ts';

const LIST = 'pveum user list --full 1 --output-format json';
const FILES = { '/usr/sbin/pvesm': '', '/etc/pve/.version': '' };
const isValid = (entry: object): boolean => proxmoxUser.desired.safeParse(entry).success;

describe('ProxmoxUser, otherwise', () => {
  it('takes names of a realm, and nothing that would be an option or a list', () => {
    for (const user of ['alice@pam', 'a.b-c_d@my-realm', 'x@pve'])
      assert.equal(isValid({ user }), true, user);
    for (const user of [
      'alice',
      '-a@pam',
      '--help@pam',
      'a b@pam',
      'a,b@pam',
      'a:b@pam',
      'a/b@pam',
      'a@b@pve',
      '@pam',
      'a@',
    ])
      assert.equal(isValid({ user }), false, user);
    assert.equal(isValid({ user: `${'a'.repeat(61)}@pam` }), false);
    for (const comment of ['-x', 'a\nb', 'a\0b']) assert.equal(isValid({ user: 'a@pam', comment }), false);
    assert.equal(isValid({ user: 'a@pam', comment: '' }), true);
    assert.equal(isValid({ user: 'a@pam', groups: ['--x'] }), false);
  });

  it('never takes root@pam, in no way', () => {
    for (const ensure of ['present', 'absent']) assert.equal(isValid({ user: 'root@pam', ensure }), false);
  });

  it('waits for the account of the host where that has the password', () => {
    const requires = (entry: object) => proxmoxUser.requires!(proxmoxUser.desired.parse(entry));
    assert.deepEqual(requires({ user: 'alice@pam' }), ['UnixUser[alice]']);
    assert.deepEqual(requires({ user: 'alice@pve' }), []);
    assert.deepEqual(requires({ user: 'alice@pam', ensure: 'absent' }), []);
  });

  it('has nothing to do for what it lists', async () => {
    const user = fc.record({
      enable: fc.constantFrom(0, 1, '0', '1'),
      groups: fc
        .uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 3 })
        .map((names) => names.join(',')),
      comment: fc.stringMatching(/^([a-z][ -~äöü]{0,20})?$/),
    });
    await fc.assert(
      fc.asyncProperty(user, async (fields) => {
        const rows = [
          { userid: 'alice@pve', ...fields },
          { userid: 'root@pam', enable: 1 },
        ];
        const host = new FakeHost({ files: FILES, commands: { [LIST]: JSON.stringify(rows) } });
        const entries = await proxmoxUser.list!(host);
        assert.equal(entries.length, 1);
        const wanted = entries.map((one) => proxmoxUser.desired.parse(one));
        const reading = (await proxmoxUser.read(host, wanted)).get('alice@pve')!;
        assert.ok(reading.is === 'present');
        assert.deepEqual(proxmoxUser.diff(wanted[0]!, reading), []);
      }),
    );
    assert.deepEqual(await proxmoxUser.list!(new FakeHost()), []);
  });

  it('takes an answer that is not as documented for unknown', () => {
    for (const strange of ['{}', '[{"user":"x"}]', 'got no users', '[{"userid":"a@b","enable":"yes"}]'])
      assert.throws(
        () => pveUsers.parse(strange, { code: 0, stdout: strange, stderr: '' }),
        /pveum user list: /,
      );
    assert.deepEqual([...pveUsers.parse('', { code: 0, stdout: '', stderr: '' })!], []);
  });
});
