import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import acl from '../../../src/resources/proxmox-acl/index.ts';
import { FakeHost } from '../../support/fake-host.ts';

const FILES = { '/usr/sbin/pvesm': '', '/etc/pve/.version': '' };
const isValid = (entry: object): boolean =>
  acl.desired.safeParse({ role: 'PVEAdmin', user: 'a@pam', path: '/', ...entry }).success;

describe('ProxmoxAcl, otherwise', () => {
  it('takes the paths that Proxmox VE has permissions on', () => {
    for (const path of [
      '/',
      '/access',
      '/access/groups/a.b',
      '/nodes/pve1',
      '/storage/tank-x',
      '/vms',
      '/vms/100',
      '/pool/a',
      '/mapping/pci/x',
      '/sdn/zones/localnetwork/vmbr0/10',
    ])
      assert.equal(isValid({ path }), true, path);
    for (const path of [
      '',
      'vms',
      '/vms/',
      '/vms/99',
      '/vms/0100',
      '//',
      '/nodes/../x',
      '/nodes/-x y',
      '/etc',
      '/storage/a/b',
      '/vms/100/disk',
    ])
      assert.equal(isValid({ path }), false, path);
  });

  it('takes one subject, and never root@pam', () => {
    assert.equal(isValid({ group: 'ops' }), false);
    assert.equal(isValid({ user: undefined }), false);
    assert.equal(isValid({ user: 'root@pam' }), false);
    assert.equal(isValid({ user: undefined, token: 'a@pam!t' }), true);
    assert.equal(isValid({ user: undefined, token: '-a@pam!t' }), false);
    assert.equal(isValid({ user: undefined, group: '-x' }), false);
    assert.equal(isValid({ role: '--x' }), false);
    assert.equal(isValid({ role: undefined }), false);
    assert.equal(isValid({ ensure: 'absent' }), false);
  });

  it('waits for the user and the storage that it names', () => {
    const requires = (entry: object) => acl.requires!(acl.desired.parse(entry));
    assert.deepEqual(requires({ path: '/', token: 'a@pam!t', role: 'X' }), ['ProxmoxUser[a@pam]']);
    assert.deepEqual(requires({ path: '/storage/ab', group: 'ops', role: 'X' }), ['ProxmoxStorage[ab]']);
  });

  it('leaves exactly the wanted role, whatever was there', () => {
    const held = fc.uniqueArray(
      fc.record(
        { role: fc.constantFrom<string>('A', 'B', 'C'), propagate: fc.boolean() },
        { noNullPrototype: true },
      ),
      {
        selector: ({ role }) => role,
      },
    );
    fc.assert(
      fc.property(held, fc.constantFrom('A', 'B', 'C'), fc.boolean(), (before, role, propagate) => {
        const want = acl.desired.parse({ path: '/', user: 'a@pam', role, propagate });
        const actual = (now: typeof before) =>
          ({
            is: 'present',
            value: { isProxmox: true, held: now, roles: ['A', 'B', 'C'], isPowerful: false },
          }) as const;
        let now = before;
        for (const finding of acl.diff(want, actual(before))) {
          assert.ok('does' in finding);
          const op = finding.does;
          now = now.filter((one) => one.role !== op.role);
          if (op.op === 'grant') now = [...now, { role: op.role, propagate: op.propagate }];
          assert.ok(now.length > 0, 'never without a role in between');
        }
        assert.deepEqual(now, [{ role, propagate }]);
        assert.deepEqual(acl.diff(want, actual(now)), []);
      }),
    );
  });

  it('lists what it could manage', async () => {
    const rows = [
      { path: '/', propagate: 1, roleid: 'PVEAdmin', type: 'user', ugid: 'a@pam' },
      { path: '/vms', propagate: 0, roleid: 'X', type: 'group', ugid: 'ops' },
      { path: '/strange', propagate: 0, roleid: 'X', type: 'group', ugid: 'ops' },
    ];
    const host = new FakeHost({
      files: FILES,
      commands: { 'pveum acl list --output-format json': JSON.stringify(rows) },
    });
    assert.deepEqual(await acl.list!(host), [
      { path: '/', user: 'a@pam', role: 'PVEAdmin' },
      { path: '/vms', group: 'ops', role: 'X', propagate: false },
    ]);
    assert.deepEqual(await acl.list!(new FakeHost()), []);
  });
});
