/** A host with Debian's classic ifupdown instead of ifupdown2, and an address by DHCP. */
import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';
import { bringDebs } from './image/debs.ts';
import type { Outcome } from './machine/outcome.ts';

/** The two cards without a cable; they have a link all the same. */
const [CARD, OTHER] = ['enp0s18', 'enp0s19'];
const FILE = '/etc/network/interfaces';
const manifest = (...interfaces: string[]): string =>
  `version: 1\ninitial:\n  network:\n    interfaces:\n${interfaces.map((one) => `      - { ${one} }\n`).join('')}`;

const PORT = `name: ${CARD}`;
const BRIDGE = `name: vmbr9, address: 10.9.9.1/24, bridgePorts: [${CARD}], mtu: 1400`;
const LEASED = 'name: up0, dhcp: ipv4';
const ADDRESSED = `name: ${OTHER}, address: 10.9.8.1/24`;

/** A second host on a cable, which gives addresses away. */
const SERVER = allOf(
  'ip netns add desk && ip link add up0 type veth peer name desk0 && ip link set desk0 netns desk',
  'ip -n desk link set lo up && ip -n desk addr add 10.9.0.1/24 dev desk0 && ip -n desk link set desk0 up',
  'ip netns exec desk dnsmasq --conf-file=/dev/null --port=0 --interface=desk0 --dhcp-range=10.9.0.50,10.9.0.60,1h --dhcp-option=3 --dhcp-leasefile=/run/leases --pid-file=/run/desk.pid',
);

const EFFECTIVE = allOf(
  `ip -j -d addr show vmbr9 | jq -e '.[0] | .mtu == 1400 and .addr_info[0].local == "10.9.9.1"'`,
  `bridge link show dev ${CARD} | grep -F 'master vmbr9'`,
);

describeLab('NetworkInterface, by classic ifupdown', (lab) => {
  /** Over the serial port: what is tested is the network. */
  const agent = (...lines: string[]): Promise<string> =>
    lab.machine.succeed(allOf(...lines), { via: 'agent' });
  const phoenix = (args: string): Promise<Outcome> =>
    lab.machine.run(`/opt/phoenix/bin/phoenix setup --no-color ${args}`, { via: 'agent', timeout: 600_000 });

  before(async () => {
    await bringDebs(lab.machine, '/root', ['ifupdown', 'isc-dhcp-client', 'bridge-utils']);
    await agent(
      `cp ${FILE} /root/original`,
      '(dpkg --force-depends --remove ifupdown2; dpkg --install /root/*.deb) > /root/dpkg 2>&1 || (cat /root/dpkg; false)',
      `cp /root/original ${FILE}; ip addr show lab0 | grep -q 10.0.2.15 || ifup lab0`,
      SERVER,
    );
  });

  it('brings up what is new, and writes down what it may not take down', async () => {
    await lab.phoenix.manifest(manifest(PORT, BRIDGE, LEASED, ADDRESSED));
    const { code, stdout, stderr } = await phoenix('--yes');
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^NetworkInterface\[up0\]: .*run `ifdown up0 && ifup up0`/m);
    await agent(EFFECTIVE, `head -c "$(stat -c %s /root/original)" ${FILE} | cmp - /root/original`);
  });

  it('has nothing to do the second time, once the operator has brought up the rest: an address by DHCP', async () => {
    await agent(
      `ifup ${CARD} ${OTHER} up0 2>&1`,
      'ip -4 addr show up0 | grep -E "10\\.9\\.0\\.(5|60)"',
      EFFECTIVE,
    );
    const { code, stdout, stderr } = await phoenix('--yes');
    assert.deepEqual([code, stdout], [0, ''], stderr);
  });

  it('names what was changed by hand, and repairs what can be without taking a link down', async () => {
    await agent(
      'ifdown vmbr9 && ! ip link show vmbr9',
      `ip addr del 10.9.8.1/24 dev ${OTHER}`,
      `sed -i 's/10\\.9\\.9\\.1/10.9.9.7/; s/^iface up0 inet dhcp/iface up0 inet manual/' ${FILE}`,
    );
    const check = await phoenix('--check');
    assert.equal(check.code, 2, check.stdout);
    assertPlan(check.stdout, {
      'NetworkInterface[vmbr9]': [/live interface: none → bridge/, /^ +-\taddress 10\.9\.9\.7\/24$/m],
      'NetworkInterface[up0]': /^ +\+iface up0 inet dhcp$/m,
    });
    // Of a link that is up, only the file is ours.
    assert.match(
      check.stdout,
      /^# NetworkInterface\[enp0s19\]: .*not in effect \(live IPv4 addresses\): run `ifdown enp0s19 && ifup enp0s19`/m,
    );
    const setup = await phoenix('--yes');
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await agent(EFFECTIVE, `grep -x 'iface up0 inet dhcp' ${FILE}`);
  });

  it('takes away what is declared absent', async () => {
    await lab.phoenix.manifest(manifest('name: vmbr9, ensure: absent', 'name: up0, ensure: absent'));
    const { code, stdout, stderr } = await phoenix('--yes');
    assert.equal(code, 0, stdout + stderr);
    await agent(`! grep -E 'vmbr9|up0' ${FILE}`);
  });
});
