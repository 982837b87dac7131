import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';
import { LOG, standInForProxmox } from './proxmox/stand-in.ts';

const CLUSTER = '/etc/pve/firewall/cluster.fw';
const HOST = '/etc/pve/nodes/lab/host.fw';

const MANIFEST = `version: 1
firewall:
  policyIn: DROP
  sets: { admins: [10.0.2.0/24, 'fd00::/64'] }
  services: [{ name: ssh, source: admins }, { name: proxmox, source: admins }]
  rules:
    - { action: ACCEPT, proto: tcp, port: [80, '8000-8010'], iface: vmbr0, comment: web }
    - { action: ACCEPT, proto: icmp, icmpTypes: [echo-request] }
`;

/** What an operator has there; the bad line is theirs too. */
const OPERATORS = `[OPTIONS]

log_ratelimit: enable=1,rate=1/second

[ALIASES]

office 192.0.2.0/24 # ours

[IPSET management] # who may

192.0.2.7
office

[RULES]

GROUP web -i vmbr0

[group web]

IN HTTP(ACCEPT)
IN NOTHING
`;

/** With a stand-in for pve-firewall, made from its public documentation: Proxmox VE itself is not in the lab. */
describeLab('Firewall, by a stand-in for Proxmox VE', (lab) => {
  it('is refused by name where there is no Proxmox VE', async () => {
    await lab.phoenix.manifest('version: 1\nfirewall: { backend: proxmox, services: [ssh] }\n');
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4);
    assert.match(stdout, /refused: this is not a Proxmox VE host/);
  });

  it('writes options and marked rules, and leaves every other byte as it is', async () => {
    await standInForProxmox(lab.machine);
    await lab.machine.writeFile(CLUSTER, OPERATORS);
    await lab.machine.writeFile(HOST, '[RULES]\n\nIN SSH(ACCEPT) -source 192.0.2.9 # by hand\n');
    await lab.phoenix.manifest(MANIFEST);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        `grep -vE '^(enable|policy_in|policy_out): ' ${CLUSTER} > /root/rest`,
        `printf '%s' "$(cat <<'OLD'\n${OPERATORS}OLD\n)" > /root/old; echo >> /root/old; cmp /root/rest /root/old`,
        `grep -qx 'enable: 1' ${CLUSTER} && grep -qx 'policy_in: DROP' ${CLUSTER}`,
        `sed -n 3p ${HOST} | grep -qx 'IN ACCEPT -i vmbr0 -p tcp -dport 80,8000:8010 # phoenix: web'`,
        `tail -1 ${HOST} | grep -qx 'IN SSH(ACCEPT) -source 192.0.2.9 # by hand'`,
        `grep -c 'phoenix: service' ${HOST} | grep -qx 4`,
        `test "$(stat -c %a:%G ${HOST} ${CLUSTER} | sort -u)" = 640:www-data`,
        '! nft list table inet phoenix',
      ),
    );
  });

  it('has nothing to do the second time, also after Proxmox VE has written the files in its own way', async () => {
    await lab.machine.succeed(
      `sed -i 's/ -dport 80,8000:8010 # / -dport 80,8000:8010 -log nolog # /; s/IN ACCEPT -i vmbr0 -p tcp/IN ACCEPT -p tcp -i vmbr0/' ${HOST}; : > ${LOG}; cat ${CLUSTER} ${HOST} > /root/before`,
    );
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout);
    assert.equal(stdout, '');
    await lab.machine.succeed(allOf(`cat ${CLUSTER} ${HOST} | cmp - /root/before`, `! grep compile ${LOG}`));
  });

  it('names what was changed by hand, and repairs it', async () => {
    await lab.machine.succeed(
      allOf(
        `sed -i 's/^policy_in: .*/policy_in: ACCEPT/; s/^enable: 1/enable: 0/' ${CLUSTER}`,
        `sed -i '/phoenix: web/d; s/^\\[RULES\\]$/[RULES]\\nIN DROP -p tcp -dport 22/' ${HOST}`,
        'systemctl stop pve-firewall.service',
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2, check.stdout);
    assertPlan(check.stdout, {
      'Firewall[host]': [
        /^ +-policy_in: ACCEPT$/m,
        /^ +\+enable: 1$/m,
        /^ +\+IN ACCEPT .* # phoenix: web$/m,
        /start pve-firewall\.service/,
      ],
    });
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(
      allOf(
        `grep -qx 'policy_in: DROP' ${CLUSTER}`,
        `grep . ${HOST} | tail -2 | head -1 | grep -qx 'IN DROP -p tcp -dport 22'`,
        'systemctl is-active pve-firewall',
      ),
    );
  });

  it('puts back what it had if pve-firewall complains of the new rules, and refuses to lock out the web interface', async () => {
    await lab.machine.succeed(
      allOf(
        `cat ${CLUSTER} ${HOST} > /root/before`,
        `sed -i "s/'ah', 'gre'/'ah'/" /usr/sbin/pve-firewall`,
        `(setsid nc -lk 0.0.0.0 8006 < /dev/null > /dev/null 2>&1 &)`,
      ),
    );
    await lab.phoenix.manifest(`${MANIFEST}    - { action: ACCEPT, proto: gre }\n`);
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4, stdout);
    assert.match(stdout, /pve-firewall refuses the rules; everything is as it was/);
    assert.match(stdout, /unknown protocol gre/);
    await lab.phoenix.manifest('version: 1\nfirewall: { services: [ssh] }\n');
    const locked = await lab.phoenix.setup();
    assert.equal(locked.code, 4, locked.stdout);
    assert.match(locked.stdout, /refused: .*cut off the web interface of Proxmox VE: .*port 8006/);
    await lab.machine.succeed(`cat ${CLUSTER} ${HOST} | cmp - /root/before`);
  });

  it('takes its rules away and switches this node off, not the datacenter', async () => {
    await lab.phoenix.manifest('version: 1\nfirewall: { enabled: false }\n');
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        `! grep phoenix ${HOST} && grep -q 'by hand' ${HOST} && grep -qx 'enable: 0' ${HOST}`,
        `grep -qx 'enable: 1' ${CLUSTER}`,
      ),
    );
    assert.equal((await lab.phoenix.check()).code, 0);
  });
});
