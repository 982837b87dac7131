import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const manifest = (fields: string): string => `version: 1\nresources:\n  - Hostname: { ${fields} }\n`;
const WANT = manifest('name: phoenix, domain: internal.example.net');
/** The system's own view: live, at boot, and by the resolver. */
const isNamed = (fqdn: string, address: string): string[] => {
  const name = fqdn.split('.')[0] ?? fqdn;
  return [
    `test "$(uname -n)" = ${name}`,
    `grep -qx ${name} /etc/hostname`,
    `test "$(hostname --fqdn)" = ${fqdn}`,
    `getent ahostsv4 ${name} | grep -q '^${address} '`,
  ];
};

describeLab('Hostname', (lab) => {
  const converge = async (text: string): Promise<string> => {
    await lab.phoenix.manifest(text);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };

  it('renames the host with its line in the hosts file', async () => {
    await lab.machine.succeed('printf "# keep me\\n10.0.0.7\\tnas.lan  nas # and me\\n" >> /etc/hosts');
    await converge(WANT);
    await lab.machine.succeed(
      allOf(
        ...isNamed('phoenix.internal.example.net', '127.0.1.1'),
        '! getent -s files hosts lab',
        'test "$(hostnamectl --static)" = phoenix',
        'grep -qx "# keep me" /etc/hosts',
        'grep -q "$(printf "^10.0.0.7\\tnas.lan  nas # and me$")" /etc/hosts',
      ),
    );
  });

  it('has nothing to do the second time', async () => {
    await lab.machine.succeed('stat -c "%i %Y" /etc/hosts /etc/hostname > /root/before');
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /^In sync: 1 resource /m);
    await lab.machine.succeed('stat -c "%i %Y" /etc/hosts /etc/hostname | cmp - /root/before');
  });

  it('names the live name, the one at boot and the hosts file, each changed by hand, and repairs them', async () => {
    await lab.machine.succeed(
      allOf('hostname live', 'echo boot > /etc/hostname', "sed -i '/phoenix/d' /etc/hosts"),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'Hostname[system]': [
        /live: live → phoenix/,
        /\/etc\/hostname: boot → phoenix/,
        /^ +\+127\.0\.1\.1\s+phoenix\.internal\.example\.net phoenix$/m,
      ],
    });
    await converge(WANT);
    await lab.machine.succeed(allOf(...isNamed('phoenix.internal.example.net', '127.0.1.1')));
  });

  it('takes the name back that hostnamectl has set, and the domain', async () => {
    await lab.machine.succeed(
      allOf('hostnamectl set-hostname other', "sed -i 's/internal/wrong/' /etc/hosts"),
    );
    assertPlan(await converge(WANT), {
      'Hostname[system]': [
        /live: other → phoenix/,
        /\/etc\/hostname: other → phoenix/,
        /^ +-.*phoenix\.wrong\.example\.net/m,
      ],
    });
    await lab.machine.succeed(allOf(...isNamed('phoenix.internal.example.net', '127.0.1.1')));
  });

  it('puts the name on the declared address, and off the loopback one', async () => {
    await converge(manifest('name: phoenix, domain: internal.example.net, address: 10.0.0.13'));
    await lab.machine.succeed(
      allOf(...isNamed('phoenix.internal.example.net', '10.0.0.13'), '! grep -E "^127.*phoenix" /etc/hosts'),
    );
  });

  it('does not rename a Proxmox VE node that has guests or is in a cluster', async () => {
    const node = '/etc/pve/nodes/phoenix/qemu-server';
    await lab.phoenix.manifest(manifest('name: renamed, address: 10.0.0.13'));
    for (const file of [`${node}/100.conf`, '/etc/pve/corosync.conf']) {
      await lab.machine.succeed(`mkdir -p ${node} && touch ${file} && cp /etc/hosts /root/hosts.before`);
      const { code, stdout } = await lab.phoenix.setup();
      assert.equal(code, 4);
      assertPlan(stdout, { 'Hostname[system]': /refused: .*renaming to renamed/ });
      await lab.machine.succeed(
        'test "$(uname -n)" = phoenix && cmp /etc/hosts /root/hosts.before && rm -r /etc/pve',
      );
    }
  });

  it('wants an address on a Proxmox VE host whose name is a loopback one only', async () => {
    await lab.machine.succeed(
      "mkdir /etc/pve; sed -i '/phoenix/d' /etc/hosts; echo 127.0.1.1 phoenix >> /etc/hosts",
    );
    await lab.phoenix.manifest(manifest('name: phoenix'));
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4);
    assertPlan(stdout, { 'Hostname[system]': /refused: .*declare `address`/ });
    await converge(manifest('name: phoenix, address: 10.0.0.13'));
    await lab.machine.succeed(allOf('! grep -E "^127.*phoenix" /etc/hosts', 'rmdir /etc/pve'));
  });
});
