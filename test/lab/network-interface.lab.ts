import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';
import type { Outcome } from './machine/outcome.ts';

/** The two cards without a cable; they have a link all the same. */
const [CARD, SLAVE] = ['enp0s18', 'enp0s19'];
const FILE = '/etc/network/interfaces';
const section = (interfaces: readonly string[]): string =>
  `version: 1\ninitial:\n  network:\n    interfaces:\n${interfaces.map((one) => `      - { ${one} }\n`).join('')}`;

const BRIDGE = `name: vmbr9, address: [10.9.9.1/24, 10.9.9.2/24, 'fd00:9::1/64'], gateway6: 'fd00:9::ff', bridgePorts: [${CARD}], bridgeVlanAware: true, bridgeVids: 2-10 20, mtu: 1400`;
const BOND = `name: bond5, bondSlaves: [${SLAVE}], bondMode: active-backup, bondXmitHashPolicy: layer2+3`;
const VLAN = 'name: bond5.7, address: 10.7.0.1/24';
const DUMMY = 'name: dm0, dummy: true, address: 10.8.0.1/24, mtu: 1300';
const ALL = [`name: ${CARD}`, BRIDGE, BOND, VLAN, DUMMY];

/** By what the kernel says, not phoenix. */
const EFFECTIVE = [
  `ip -br addr show vmbr9 | grep -F '10.9.9.1/24 10.9.9.2/24 fd00:9::1/64'`,
  `ip -j -d link show vmbr9 | jq -e '.[0] | .mtu == 1400 and .linkinfo.info_data.stp_state == 0 and .linkinfo.info_data.forward_delay == 0 and .linkinfo.info_data.vlan_filtering == 1'`,
  `bridge link show dev ${CARD} | grep -F 'master vmbr9'`,
  `test "$(bridge -j vlan show dev ${CARD} | jq -c '[.[0].vlans[].vlan]')" = '[1,2,3,4,5,6,7,8,9,10,20]'`,
  `test "$(ip -j -6 route show default dev vmbr9 | jq -c '[.[].gateway]')" = '["fd00:9::ff"]'`,
  `ip -j -d link show bond5 | jq -e '.[0].linkinfo.info_data | .mode == "active-backup" and .miimon == 100 and .xmit_hash_policy == "layer2+3"'`,
  `ip -j link show ${SLAVE} | jq -e '.[0].master == "bond5"'`,
  `ip -j -d addr show bond5.7 | jq -e '.[0] | .link == "bond5" and .linkinfo.info_data.id == 7 and .addr_info[0].local == "10.7.0.1" and (.flags | index("UP")) != null'`,
  `ip -j addr show dm0 | jq -e '.[0] | .mtu == 1300 and .addr_info[0].local == "10.8.0.1"'`,
  'ifquery -c -a > /root/ifquery 2>&1 || (cat /root/ifquery; false)',
];
/** The way in: the same link with the same address, and its route. */
const WAY_IN = '(ip -o -4 addr show lab0; ip route show default) | cmp - /root/way-in';
const TAP = `bridge link show dev tap100i0 | grep -F 'master vmbr9'`;
const STAMPS = `stat -c '%n %i %Y' ${FILE} /var/tmp/network/ifstatenew`;

describeLab('NetworkInterface', (lab) => {
  /** Over the serial port: what is tested is the network. */
  const agent = (...lines: string[]): Promise<unknown> =>
    lab.machine.succeed(allOf(...lines), { via: 'agent' });
  const phoenix = (args: string): Promise<Outcome> =>
    lab.machine.run(`/opt/phoenix/bin/phoenix setup --no-color ${args}`, { via: 'agent', timeout: 600_000 });
  const setup = async (code: number): Promise<string> => {
    const { code: found, stdout, stderr } = await phoenix('--yes --verbose');
    assert.equal(found, code, stdout + stderr);
    return stdout;
  };

  it('makes a bridge with a port, a bond, a VLAN and a dummy, with addresses and a default route', async () => {
    await agent(
      '(ip -o -4 addr show lab0; ip route show default) > /root/way-in',
      `cp ${FILE} /root/original`,
      // The network of the lab announces a default route, now and then.
      'sysctl -qw net.ipv6.conf.lab0.accept_ra=0; ip -6 route del default dev lab0 || true',
    );
    await lab.phoenix.manifest(section(ALL));
    assertPlan(await setup(0), {
      [`NetworkInterface[${CARD}]`]: /disruptive/,
      'NetworkInterface[vmbr9]': [/disruptive/, /^ +\+\tbridge-ports enp0s18$/m],
      'NetworkInterface[bond5]': /disruptive/,
      'NetworkInterface[bond5.7]': /live interface: none → vlan/,
      'NetworkInterface[dm0]': /^(?!.*disruptive).*create dummy dm0 \(10\.8\.0\.1\/24\), by ifup/,
    });
    await agent(
      ...EFFECTIVE,
      WAY_IN,
      `head -c "$(stat -c %s /root/original)" ${FILE} | cmp - /root/original`,
    );
  });

  it('has nothing to do the second time, with a guest on the bridge', async () => {
    await agent(
      'ip tuntap add tap100i0 mode tap && ip link set tap100i0 up master vmbr9',
      `${STAMPS} > /root/before`,
    );
    assert.match(await setup(0), /^In sync: 5 resources /m);
    await agent(`${STAMPS} | cmp - /root/before`, TAP);
  });

  it('names and repairs what was changed by hand, and keeps what others wrote, and the guest', async () => {
    await agent(
      'ip addr del 10.9.9.1/24 dev vmbr9 && ip addr add 10.44.0.1/24 dev vmbr9',
      `ip link set ${CARD} nomaster && ip -6 route replace default via fd00:9::aa dev vmbr9`,
      'ip link set vmbr9 type bridge stp_state 1 && ip link set vmbr9 type bridge vlan_filtering 0',
      `ip link set ${SLAVE} nomaster && ip link set bond5 type bond miimon 200`,
      'ip link set bond5.7 down && ip link set dm0 mtu 1280',
      `sed -i 's/10\\.7\\.0\\.1/10.7.0.99/' ${FILE}`,
      `printf '\\n# my remark\\niface foreign0 inet manual\\n\\tup true\\n' >> ${FILE}`,
    );
    const check = await phoenix('--check');
    assert.equal(check.code, 2, check.stdout);
    assertPlan(check.stdout, {
      'NetworkInterface[vmbr9]': [
        /live IPv4 addresses: \["10\.44\.0\.1\/24"\] → \["10\.9\.9\.1\/24","10\.9\.9\.2\/24"\]/,
        /live gateway6: fd00:9::aa → fd00:9::ff/,
        /live ports: \[\] → \["enp0s18"\]/,
        /live spanning tree: true → false/,
        /live VLAN aware: false → true/,
      ],
      'NetworkInterface[bond5]': [/live slaves: \[\] → \["enp0s19"\]/, /live miimon: 200 → 100/],
      'NetworkInterface[bond5.7]': [/live state: down → up/, /^ +-\taddress 10\.7\.0\.99\/24$/m],
      'NetworkInterface[dm0]': /live MTU: 1280 → 1300/,
    });
    await setup(0);
    await agent(
      ...EFFECTIVE,
      WAY_IN,
      TAP,
      `tail -n 4 ${FILE} | grep -A 2 '^# my remark$' | grep -x '\tup true'`,
    );
  });

  it('refuses what cannot be right, and shows ifquery the whole before it is live', async () => {
    await agent(
      `echo 'source /etc/network/interfaces.d/*' >> ${FILE}`,
      `printf '# mine\\niface dm0 inet static\\n\\taddress 10.8.0.2/24\\n' > /etc/network/interfaces.d/50-dm0.cfg`,
      `cp ${FILE} /root/before`,
    );
    await lab.phoenix.manifest(
      section([
        'name: vmbr9, ensure: absent',
        'name: vmbr8, bridgePorts: [eno7], address: 10.6.0.1/24, gateway: 10.6.0.2',
        DUMMY,
      ]),
    );
    const refused = await setup(4);
    assert.match(refused, /tap100i0 of a guest is on vmbr9/);
    assert.match(refused, /there is no interface eno7, and nothing makes one; there are .*lab0.*/);
    assert.match(
      refused,
      /expected one default route for IPv4, found one for lab0 in \/etc\/network\/interfaces, line 5/,
    );
    assert.match(refused, /50-dm0\.cfg, line 2, defines dm0 as well/);

    await agent(
      'rm /etc/network/interfaces.d/50-dm0.cfg',
      `printf 'iface broken0 inet stat\\n\\tnonsense\\n' >> ${FILE} && cp ${FILE} /root/before`,
    );
    await lab.phoenix.manifest(section([DUMMY.replace('1300', '1290')]));
    assert.match(await setup(4), /ifquery rejects the configuration; nothing was written/);
    await agent(`cmp ${FILE} /root/before`, `ip -j link show dm0 | jq -e '.[0].mtu == 1300'`, TAP, WAY_IN);
  });

  it('takes away what is declared absent, and no line more', async () => {
    await agent(`sed -i '/broken0/,$d' ${FILE}`, 'ip link del tap100i0');
    await lab.phoenix.manifest(
      section(['vmbr9', 'bond5.7', 'bond5', 'dm0', CARD].map((name) => `name: ${name}, ensure: absent`)),
    );
    await setup(0);
    await agent(
      'for gone in vmbr9 bond5 bond5.7 dm0; do ! ip link show $gone || exit 1; done',
      `test -z "$(ip -4 addr show ${CARD})"`,
      `head -c "$(stat -c %s /root/original)" ${FILE} | cmp - /root/original`,
      `! grep -E 'vmbr9|bond5|dm0|${CARD}' ${FILE}`,
      `grep -qx '# my remark' ${FILE}`,
      WAY_IN,
    );
  });
});
