import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';
import { EXPECTED, PROVIDED } from './firewall/packets.ts';
import { type Answers, makePeers, probe } from './firewall/peers.ts';

const FILE = '/etc/nftables.d/phoenix.nft';
const UNIT = 'phoenix-firewall.service';

const section = (...lines: string[]): string =>
  `version: 1\nfirewall:\n${lines.map((line) => `  ${line}\n`).join('')}`;

const RULES = [
  'rules:',
  '  - { action: DROP, proto: tcp, port: 7001, source: 10.9.0.66 }',
  "  - { action: ACCEPT, proto: tcp, port: [7001, '7002-7003'], comment: some ports }",
  '  - { action: ACCEPT, proto: tcp, port: 7004, source: friends }',
  '  - { action: REJECT, proto: tcp, port: 7005, log: true }',
  '  - { action: ACCEPT, proto: udp, port: 7001, iface: near0 }',
  '  - { action: ACCEPT, proto: udp, port: 7006, iface: far0 }',
  '  - { action: ACCEPT, proto: icmp, icmpTypes: [echo-request], source: 10.9.0.0/24 }',
  '  - { action: ACCEPT, proto: icmpv6, icmpTypes: [echo-request] }',
  '  - { direction: forward, action: ACCEPT, proto: tcp, port: 7001, iface: near0, outIface: far0 }',
  '  - { direction: out, action: DROP, proto: tcp, port: 7002, destination: [10.9.0.2, "fd09::2"] }',
  '  - { direction: out, action: REJECT, proto: udp, port: 7003, iface: near0 }',
];
const SETS = "sets: { friends: [10.9.0.1-10.9.0.9, 'fd09::/64'] }";
const ALL = section('policyForward: DROP', 'services: [ssh]', SETS, ...RULES);

/** What other sections provide, each for one of the two hosts. */
const PROVIDES = `${section('services: [ssh, { name: nfs, iface: near0 }, { name: samba, source: 10.8.0.0/24 }, { name: dns, source: 10.9.0.2 }]')}nfs: { server: { versions: ['3', '4.2'], ports: { mountd: 4002 } } }
samba: { server: { netbios: true } }
dns: { listen: [10.9.0.1] }
`;

/** Somebody else's tables, and the file that Debian loads at boot. */
const FOREIGN = [
  'nft add table inet guard',
  "nft 'add set inet guard banned { type ipv4_addr; flags interval; elements = { 192.0.2.0/24 } }'",
  "nft 'add chain inet guard input { type filter hook input priority -5; policy accept; }'",
  'nft add rule inet guard input ip saddr @banned drop',
  'nft add table ip nat',
];
const foreign = '{ nft list table inet guard; nft list table ip nat; cat /etc/nftables.conf; }';

describeLab('Firewall, by nftables', (lab) => {
  const assertPackets = async (expected: Answers = EXPECTED): Promise<void> => {
    assert.deepEqual(await probe(lab.machine, expected), expected);
  };
  const assertSetup = async (): Promise<string> => {
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };

  it('lets pass what the rules say, and nothing else', async () => {
    await makePeers(lab.machine);
    await lab.machine.succeed(allOf(...FOREIGN, `${foreign} > /root/foreign`));
    await lab.phoenix.manifest(ALL);
    await assertSetup();
    await assertPackets();
    await lab.machine.succeed(
      allOf(
        'ip netns exec near ping -c1 -W2 10.9.0.1 && ip netns exec near ping -c1 -W2 fd09::1',
        '! ip netns exec far ping -c1 -W2 10.8.0.1',
        '! ip netns exec near nc -z -w2 -s 10.9.0.66 10.9.0.1 7001',
        'ip netns exec near nc -z -w2 -s 10.9.0.66 10.9.0.1 7002',
        `${foreign} | cmp - /root/foreign`,
      ),
    );
  });

  it('has nothing to do the second time', async () => {
    const state = `{ nft -a list table inet phoenix; stat -c '%i %Y' ${FILE}; } | sed 's/packets [0-9]* bytes [0-9]*//'`;
    await lab.machine.succeed(`${state} > /root/before`);
    assert.equal(await assertSetup(), '');
    await lab.machine.succeed(`${state} | cmp - /root/before`);
  });

  it('names what was changed by hand, in the kernel, in the file and at boot, and repairs it', async () => {
    await lab.machine.succeed(
      allOf(
        `nft delete rule inet phoenix input handle $(nft -a list chain inet phoenix input | sed -n 's/.*7005.*handle //p')`,
        "nft 'chain inet phoenix input { policy accept; }'",
        `sed -i 's/7001-7003/7001-7009/' ${FILE} && chmod 0666 ${FILE}`,
        `systemctl disable ${UNIT}`,
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2, check.stdout);
    assertPlan(check.stdout, {
      'Firewall[host]': [
        /^ +-.*policy accept;$/m,
        /^ +\+.*policy drop;$/m,
        /^ +\+.*tcp dport 7005 log prefix "phoenix: " reject$/m,
        /phoenix\.nft: other rules → these rules/,
        /at boot: disabled → enabled/,
      ],
    });
    await assertSetup();
    await assertPackets();
    await lab.machine.succeed(
      allOf(
        `systemctl is-enabled ${UNIT} && systemctl is-active ${UNIT}`,
        `test "$(stat -c %a ${FILE})" = 644 && grep -q 7001-7003 ${FILE}`,
        // only of the file, then only of the unit
        `sed -i '/7005/d' ${FILE} && echo '# mine' >> /etc/systemd/system/${UNIT} && systemctl daemon-reload`,
      ),
    );
    const again = await lab.phoenix.check();
    assertPlan(again.stdout, { 'Firewall[host]': [/^ +\+.*tcp dport 7005/m, /^ +-# mine$/m] });
    await assertSetup();
    await lab.machine.succeed(`grep -q 7005 ${FILE} && ! grep -q mine /etc/systemd/system/${UNIT}`);
  });

  it('is there after Debian has loaded its own file, which flushes all tables', async () => {
    await lab.machine.succeed('systemctl restart nftables.service');
    await assertPackets();
    await lab.machine.succeed('systemctl reload nftables.service');
    await assertPackets();
    assert.equal((await lab.phoenix.check()).code, 0);
    await lab.machine.succeed(allOf(...FOREIGN, `${foreign} | cmp - /root/foreign`));
  });

  it('takes back what nobody confirms: the file, and the table as somebody had left it', async () => {
    // a set of one is printed with braces or without
    const state = `{ nft list table inet phoenix; cat ${FILE}; } | sed 's/packets [0-9]* bytes [0-9]*//; s/{ \\([^ ,]*\\) }/\\1/'`;
    await lab.machine.succeed(
      allOf(
        `nft insert rule inet phoenix input tcp dport 7007 counter accept comment '"by hand"'`,
        `${state} > /root/before`,
      ),
    );
    await lab.phoenix.manifest(`${ALL}wayBack: { within: 10s }\n`.replace('port: 7005', 'port: 7008'));
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4, stdout);
    assert.match(stdout, /Firewall\[host\]: failed: taken back: nobody confirmed it in time/);
    await lab.machine.succeed(`${state} | diff - /root/before`);
    await assertPackets({ near: { 'tcp:10.9.0.1:7007': 'answered', 'tcp:10.9.0.1:7005': 'refused' } });
  });

  it('refuses to lock out SSH or who is connected, and says how to allow it', async () => {
    await lab.machine.succeed('nft list table inet phoenix | grep -v counter > /root/before');
    await lab.phoenix.manifest(section('policyIn: DROP'));
    const ssh = await lab.phoenix.setup();
    assert.equal(ssh.code, 4, ssh.stdout);
    assert.match(
      ssh.stdout,
      /refused: these rules would cut off SSH: .*port 22; .*services: \[ssh\].*lockOut: \[ssh\]/,
    );

    await lab.phoenix.manifest(section('services: [{ name: ssh, source: 10.9.0.0/24 }]'));
    const session = await lab.phoenix.setup();
    assert.equal(session.code, 4, session.stdout);
    assert.match(session.stdout, /refused: .*cut off 10\.0\.2\.2, who is connected to SSH \(port 22\) now/);
    await lab.machine.succeed('nft list table inet phoenix | grep -v counter | cmp - /root/before');

    await lab.phoenix.manifest(
      section('services: [{ name: ssh, source: 10.9.0.0/24 }]', 'lockOut: [session]'),
    );
    const allowed = await lab.phoenix.check();
    assert.equal(allowed.code, 2, allowed.stdout);
    assertPlan(allowed.stdout, { 'Firewall[host]': /put the rules in force/ });
  });

  it('puts nothing in force that nft refuses', async () => {
    await lab.machine.writeFile(
      '/root/nft',
      `#!/bin/sh\n[ "$1" = -c ] && grep -q poison "$3" && { echo "$3:9:1-6: Error: syntax error" >&2; exit 1; }\nexec /usr/sbin/nft.real "$@"\n`,
      '0755',
    );
    await lab.machine.succeed(
      `cp -a ${FILE} /root/phoenix.nft; mv /usr/sbin/nft /usr/sbin/nft.real && cp /root/nft /usr/sbin/nft`,
    );
    await lab.phoenix.manifest(section('services: [ssh]', 'rules: [{ action: ACCEPT, comment: poison }]'));
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4, stdout);
    assert.match(stdout, /Firewall\[host\]: failed: .*Error: syntax error/s);
    await lab.machine.succeed(
      allOf(
        'mv /usr/sbin/nft.real /usr/sbin/nft',
        `cmp ${FILE} /root/phoenix.nft`,
        'nft list table inet phoenix | grep -v counter | cmp - /root/before',
      ),
    );
  });

  it('opens by name what the other sections serve, on the ports that they say', async () => {
    await lab.machine.succeed(
      'systemctl stop rpcbind.socket rpcbind.service; (setsid probe serve 53 111 137 139 445 2049 4002 < /dev/null > /dev/null 2>&1 &)',
    );
    await lab.phoenix.manifest(PROVIDES);
    const { code, stdout, stderr } = await lab.phoenix.setup(['--only', 'Firewall[host]']);
    assert.equal(code, 0, stdout + stderr);
    await assertPackets(PROVIDED);
  });

  it('goes without a trace, and takes nothing of others along', async () => {
    await lab.phoenix.manifest(section('enabled: false'));
    await assertSetup();
    await lab.machine.succeed(
      allOf(
        '! nft list table inet phoenix',
        `! test -e ${FILE} && ! systemctl cat ${UNIT}`,
        `! ls /etc/systemd/system/*/${UNIT}`,
        `${foreign} | cmp - /root/foreign`,
      ),
    );
    assert.equal(await assertSetup(), '');
    await assertPackets({ near: { 'tcp:10.9.0.1:7007': 'answered', 'tcp:10.8.0.2:7004': 'answered' } });
  });
});
