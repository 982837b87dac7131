import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';

const manifest = (fields: string): string => `version: 1\nresources:\n  - Hostname: { ${fields} }\n`;
const WANT = manifest('name: phoenix, domain: internal.example.net');
/** The system's own view: live, at boot, and by the resolver. */
const isNamed = (fqdn: string, address: string): string => {
  const name = fqdn.split('.')[0] ?? fqdn;
  return [
    `test "$(uname -n)" = ${name}`,
    `grep -qx ${name} /etc/hostname`,
    `test "$(hostnamectl --static)" = ${name}`,
    `test "$(hostname --fqdn)" = ${fqdn}`,
    `getent ahostsv4 ${name} | grep -q '^${address} '`,
  ].join(' && ');
};

describeLab('Hostname', (lab) => {
  it('renames the host with its line in the hosts file, and has nothing to do the second time', async () => {
    await lab.machine.succeed('printf "# keep me\\n10.0.0.7\\tnas.lan  nas # and me\\n" >> /etc/hosts');
    await lab.phoenix.manifest(WANT);
    assert.equal((await lab.phoenix.check()).code, 2);
    await lab.machine.succeed('test "$(uname -n)" = lab');
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed(isNamed('phoenix.internal.example.net', '127.0.1.1'));
    await lab.machine.fail('getent hosts lab');
    await lab.machine.succeed(
      'grep -qx "# keep me" /etc/hosts && grep -q "$(printf "^10.0.0.7\\tnas.lan  nas # and me$")" /etc/hosts',
    );
    await lab.machine.succeed('stat -c "%i %Y" /etc/hosts /etc/hostname > /root/before');
    assert.equal((await lab.phoenix.check()).code, 0);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('stat -c "%i %Y" /etc/hosts /etc/hostname | cmp - /root/before');
  });

  it('repairs the live name, the one at boot, and the hosts file, each changed by hand', async () => {
    await lab.phoenix.manifest(WANT);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    for (const drift of [
      'hostname other',
      'echo other > /etc/hostname',
      'hostnamectl set-hostname other',
      "sed -i '/phoenix/d' /etc/hosts",
      "sed -i 's/internal/wrong/' /etc/hosts",
    ]) {
      await lab.machine.succeed(drift);
      const check = await lab.phoenix.check();
      assert.equal(check.code, 2, drift);
      assert.match(check.stdout, /Hostname\[system\]/);
      assert.equal((await lab.phoenix.setup(['--yes'])).code, 0, drift);
      await lab.machine.succeed(isNamed('phoenix.internal.example.net', '127.0.1.1'));
    }
  });

  it('puts the name on the declared address, and off the loopback one', async () => {
    await lab.phoenix.manifest(manifest('name: phoenix, domain: internal.example.net, address: 10.0.0.13'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed(isNamed('phoenix.internal.example.net', '10.0.0.13'));
    await lab.machine.fail('grep -E "^127.*phoenix" /etc/hosts');
    assert.equal((await lab.phoenix.check()).code, 0);
  });

  it('does not rename a Proxmox VE node that has guests or is in a cluster', async () => {
    const node = '/etc/pve/nodes/phoenix/qemu-server';
    await lab.phoenix.manifest(manifest('name: phoenix, address: 10.0.0.13'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.phoenix.manifest(manifest('name: renamed, address: 10.0.0.13'));
    for (const file of [`${node}/100.conf`, '/etc/pve/corosync.conf']) {
      await lab.machine.succeed(`mkdir -p ${node} && touch ${file} && cp /etc/hosts /root/hosts.before`);
      const setup = await lab.phoenix.setup(['--yes']);
      assert.notEqual(setup.code, 0);
      assert.match(setup.stdout, /renaming to renamed/);
      await lab.machine.succeed('test "$(uname -n)" = phoenix && cmp /etc/hosts /root/hosts.before');
      await lab.machine.succeed('rm -r /etc/pve');
    }
  });

  it('wants an address on a Proxmox VE host whose name is a loopback one only', async () => {
    await lab.machine.succeed(
      "mkdir /etc/pve; sed -i '/phoenix/d' /etc/hosts; echo 127.0.1.1 phoenix >> /etc/hosts",
    );
    await lab.phoenix.manifest(manifest('name: phoenix'));
    const setup = await lab.phoenix.setup(['--yes']);
    assert.notEqual(setup.code, 0);
    assert.match(setup.stdout, /declare `address`/);
    await lab.phoenix.manifest(manifest('name: phoenix, address: 10.0.0.13'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.fail('grep -E "^127.*phoenix" /etc/hosts');
    await lab.machine.succeed('rmdir /etc/pve');
  });
});
