/** The rules at boot: by the unit that phoenix leaves behind, with a file of Debian that flushes all tables. */
import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';

const MANIFEST = `version: 1
firewall:
  services: [ssh]
  rules: [{ action: ACCEPT, proto: tcp, port: 7001 }]
`;
const rules = `nft list table inet phoenix | sed 's/packets [0-9]* bytes [0-9]*//'`;

describeLab('Firewall, at boot', (lab) => {
  it('is there after a boot, before the network is, and there is nothing to do then', async () => {
    await lab.machine.succeed('systemctl enable nftables.service');
    await lab.phoenix.manifest(MANIFEST);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(`${rules} > /root/before`);
    await lab.machine.reboot();
    await lab.machine.succeed(
      allOf(
        `${rules} | cmp - /root/before`,
        'systemctl is-active phoenix-firewall.service nftables.service',
        // It was active before the network was set up: no packet has come in without it.
        'test "$(systemctl show -p ActiveEnterTimestampMonotonic --value phoenix-firewall)" -lt "$(systemctl show -p ActiveEnterTimestampMonotonic --value networking)"',
      ),
    );
    const second = await lab.phoenix.setup();
    assert.deepEqual([second.code, second.stdout], [0, '']);
  });
});
