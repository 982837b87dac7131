/** Changes of the network over which the operator comes, from a second host in a network namespace, both ways. */
import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';

/** Without a cable; it is still there after a boot. */
const CARD = 'enp0s18';
const FILE = '/etc/network/interfaces';
const PART = '/etc/ssh/sshd_config.d/10-lab.conf';
const STATE = '/var/lib/phoenix/way-back';

const manifest = (wayBack: string, ...interfaces: string[]): string =>
  `version: 1\nwayBack: ${wayBack}\ninitial:\n  network:\n    interfaces:\n${interfaces.map((one) => `      - { ${one} }\n`).join('')}`;

const KEPT = `name: ${CARD}, address: 10.10.0.1/24`;
const PROBE = '{ probe: { ssh: true } }';

describeLab('the way back of the network', (lab) => {
  const agent = { via: 'agent' } as const;
  const here = (...lines: string[]): Promise<string> => lab.machine.succeed(allOf(...lines), agent);
  const waitUntil = (line: string): Promise<string> => lab.machine.waitUntil(line, 120_000, agent);
  /** A command line by which the operator at the other host works on this one. */
  const from = (address: string, line: string): string =>
    `ip netns exec desk ssh -i /root/.ssh/lab -o BatchMode=yes -o StrictHostKeyChecking=no -o ConnectTimeout=2 root@${address} '${line}'`;
  /** Over a session that the change itself may cut off. */
  const setupFrom = async (address: string, flags = ''): Promise<void> => {
    const line = from(address, `/opt/phoenix/bin/phoenix setup --yes ${flags} > /tmp/out 2>&1`);
    await here(`rm -f /tmp/out; (${line}) > /dev/null 2>&1 < /dev/null & sleep 1`);
    await waitUntil(`test -e ${STATE}/armed.json`);
  };
  const runIsOver = async (): Promise<string> => {
    await waitUntil('! pgrep -f "[r]un.js setup" > /dev/null');
    return await lab.machine.succeed('cat /tmp/out', agent);
  };

  before(async () => {
    await here(
      'ssh-keygen -q -t ed25519 -N "" -f /root/.ssh/lab && cat /root/.ssh/lab.pub >> /root/.ssh/authorized_keys',
      'ip netns add desk && ip link add up0 type veth peer name desk0 && ip link set desk0 netns desk',
      'ip -n desk addr add 10.9.0.2/24 dev desk0 && ip -n desk link set desk0 up',
    );
    await lab.phoenix.manifest(manifest(PROBE, KEPT, 'name: up0, address: 10.9.0.1/24'));
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await here(from('10.9.0.1', 'true'));
  });

  it('takes another address back that nobody confirms: the old one answers again, and the file is as it was', async () => {
    await here(`cp ${FILE} /root/before`);
    await lab.phoenix.manifest(manifest('{ within: 15s }', KEPT, 'name: up0, address: 10.9.0.77/24'));
    await setupFrom('10.9.0.1');
    await waitUntil('ip -4 addr show up0 | grep -q 10.9.0.77');
    await lab.machine.fail(from('10.9.0.1', 'true'), agent);
    await waitUntil(from('10.9.0.1', 'true'));
    assert.match(
      await runIsOver(),
      /NetworkInterface\[up0\]: failed: taken back: nobody confirmed it in time\n/,
    );
    await here(`cmp ${FILE} /root/before`, '! ip -4 addr show up0 | grep 10.9.0.77');
  });

  it('keeps it once it is confirmed from a login at the new address', async () => {
    await lab.phoenix.manifest(manifest('{ within: 2min }', KEPT, 'name: up0, address: 10.9.0.77/24'));
    await setupFrom('10.9.0.1', '--confirm NetworkInterface[up0]');
    await waitUntil('ip -4 addr show up0 | grep -q 10.9.0.77');
    assert.match(
      await here(from('10.9.0.77', '/opt/phoenix/bin/phoenix confirm')),
      /kept: NetworkInterface\[up0\]/,
    );
    assert.match(await runIsOver(), /Converged: 1 converged/);
    assert.equal((await lab.phoenix.setup()).code, 0);
    await here(from('10.9.0.77', 'true'));
  });

  it('takes a bridge and another MTU back although phoenix was killed', async () => {
    await here(`cp ${FILE} /root/before`);
    const bridge = 'name: vmbr7, bridgePorts: [up0], address: 10.9.0.78/24, mtu: 1400';
    await lab.phoenix.manifest(manifest('{ within: 30s }', KEPT, 'name: up0', bridge));
    await setupFrom('10.9.0.77');
    await waitUntil('bridge link show dev up0 | grep -q "master vmbr7"');
    await here('pkill -KILL -f "[r]un.js setup"');
    await lab.machine.fail(from('10.9.0.77', 'true'), agent);
    await waitUntil(from('10.9.0.77', 'true'));
    await waitUntil(`test ! -e ${STATE}/taking.json -a ! -e ${STATE}/armed.json`);
    await here(`cmp ${FILE} /root/before`, '! ip link show vmbr7', 'ip link show up0 | grep "mtu 1500"');
    assert.match(await here(`cat ${STATE}/last.json`), /"errors":\[\]/);
  });

  it('takes an address and a lock-out of sshd back at the next boot', async () => {
    await here(
      `cp ${FILE} /root/before && echo 'MaxAuthTries 4' > ${PART} && sync`,
      from('10.9.0.77', 'true'),
    );
    await lab.phoenix.manifest(`version: 1
wayBack: { within: 10min }
resources:
  - NetworkInterface: { name: ${CARD}, address: 10.10.0.2/24 }
  - NetworkInterface: { name: up0, address: 10.9.0.77/24 }
  - File: { path: ${PART}, content: "AllowUsers nobody\\n" }
    reloads: [ssh.service]
`);
    await setupFrom('10.9.0.77');
    await waitUntil(`ip -4 addr show ${CARD} | grep -q 10.10.0.2`);
    await waitUntil(`! ${from('10.9.0.77', 'true')}`);
    await lab.machine.crash();
    // Which is over only once somebody can log in.
    await lab.machine.start();
    await here(
      `cmp ${FILE} /root/before`,
      `ip -4 addr show ${CARD} | grep 10.10.0.1/`,
      `! ip -4 addr show ${CARD} | grep 10.10.0.2/`,
      `grep -x 'MaxAuthTries 4' ${PART}`,
      `! ls ${STATE}/armed.json ${STATE}/taking.json /etc/systemd/system/phoenix-way-back.service`,
    );
    assert.match(await here(`cat ${STATE}/last.json`), /before the host was started anew/);
  });
});
