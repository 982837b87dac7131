import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';
import { LOG, standInForProxmox } from './proxmox/stand-in.ts';

const MANIFEST = `version: 1
zfs:
  storage:
    - { id: backups, type: dir, path: /srv/backups, content: [backup, iso] }
    - { id: fast, type: zfspool, pool: tank/vm, content: [images, rootdir], sparse: true }
adminUsers:
  - { name: ops, proxmoxRole: PVEAdmin }
`;
const CONFIG = '/etc/pve/storage.cfg';

/** With stand-ins for pvesm and pveum, made from their public documentation: Proxmox VE itself is not in the lab. */
describeLab('Proxmox VE, by stand-ins', (lab) => {
  it('is refused on a host that has none', async () => {
    await lab.machine.succeed(
      allOf(
        'mkdir -p /srv/backups && mount -t tmpfs none /srv/backups',
        'zpool create tank /dev/disk/by-id/virtio-spare-a && zfs create tank/vm',
      ),
    );
    await lab.phoenix.manifest(MANIFEST);
    const { code, stdout } = await lab.phoenix.check();
    assert.notEqual(code, 0);
    assert.match(stdout, /not a Proxmox VE host/);
    await lab.machine.succeed('! test -e /etc/pve');
  });

  it('adds storage, a user and a role, and leaves entries of others alone', async () => {
    await standInForProxmox(lab.machine);
    await lab.machine.succeed(
      `printf 'dir: local\\n\\tpath /var/lib/vz\\n\\tcontent iso\\n\\npbs: remote\\n\\tdatastore main\\n\\tserver 192.0.2.1\\n' > ${CONFIG}`,
    );
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        `grep -A1 '^pbs: remote' ${CONFIG} | grep -q 'datastore main'`,
        `grep -q '^dir: backups' ${CONFIG} && grep -q '^zfspool: fast' ${CONFIG}`,
        'id ops',
        'pveum acl list --output-format json | grep PVEAdmin | grep -q ops@pam',
      ),
    );
  });

  it('changes nothing the second time, and repairs what was changed by hand', async () => {
    await lab.machine.succeed(`: > ${LOG}`);
    const second = await lab.phoenix.setup();
    assert.equal(second.code, 0, second.stdout);
    assert.equal(second.stdout, '');
    await lab.machine.succeed(
      `! grep -E 'pvesm (add|set|remove)|pveum (user|acl) (add|modify|delete)' ${LOG}`,
    );
    await lab.machine.succeed(
      'pvesm set backups --content iso; pveum acl delete / --users ops@pam --roles PVEAdmin',
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2, check.stdout);
    assertPlan(check.stdout, { 'ProxmoxStorage[backups]': /content/, 'ProxmoxAcl[ops@pam:/]': /PVEAdmin/ });
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    assert.equal((await lab.phoenix.check()).code, 0);
  });
});
