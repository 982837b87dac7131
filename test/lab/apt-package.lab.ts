import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const manifest = (...packages: string[]): string =>
  `version: 1\nresources:\n${packages.map((one) => `  - AptPackage: { ${one} }\n`).join('')}`;
const status = (name: string, expected: string): string =>
  `test "$(dpkg-query -W -f '\${db:Status-Abbrev}\${Version}' ${name})" = '${expected}'`;
const transactions = (count: number): string =>
  `test "$(grep -c ^Start-Date: /var/log/apt/history.log)" = ${count}`;
const CONF = '/etc/phoenix-test-conf.conf';
/** Until its postinst runs, which takes three seconds. The brackets keep pgrep from finding this very line. */
const beginSlow = (unit: string): string =>
  `systemd-run --unit=${unit} -E DEBIAN_FRONTEND=noninteractive apt-get -y install phoenix-test-slow; ` +
  'for i in $(seq 300); do pgrep -f "slow[.]postinst" && break; sleep 0.1; done';

describeLab('AptPackage', (lab) => {
  const converge = async (text: string, ...args: string[]): Promise<string> => {
    await lab.phoenix.manifest(text);
    const { code, stdout, stderr } = await lab.phoenix.setup(args);
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };

  it('installs packages in one transaction, after that of another apt, which it does not kill', async () => {
    await lab.machine.succeed(allOf(': > /var/log/apt/history.log', beginSlow('lab-other')));
    await converge(
      manifest(
        "name: phoenix-test-hello, version: '1.0', hold: true, allowDowngrade: true",
        "name: phoenix-test-conf, version: '1.0', hold: true, allowDowngrade: true",
        'name: phoenix-test-needs-hello',
      ),
    );
    await lab.machine.succeed(
      allOf(
        transactions(2),
        status('phoenix-test-slow', 'ii 1.0'),
        status('phoenix-test-hello', 'hi 1.0'),
        status('phoenix-test-conf', 'hi 1.0'),
        status('phoenix-test-needs-hello', 'ii 1.0'),
      ),
    );
  });

  it('has nothing to do the second time', async () => {
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /^In sync: 3 resources/m);
    await lab.machine.succeed(transactions(2));
  });

  it('names everything that was changed by hand, and repairs it', async () => {
    await lab.machine.succeed(
      allOf(
        'apt-get -y install --allow-change-held-packages phoenix-test-hello=1.1 phoenix-test-conf- phoenix-test-needs-hello',
        'apt-mark unhold phoenix-test-hello',
        'dpkg --force-depends -r phoenix-test-needs-hello',
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'AptPackage[phoenix-test-hello]': [
        /downgrade phoenix-test-hello from 1\.1 to 1\.0/,
        /hold: false → true/,
      ],
      'AptPackage[phoenix-test-conf]': /install phoenix-test-conf 1\.0/,
      'AptPackage[phoenix-test-needs-hello]': /install phoenix-test-needs-hello/,
    });
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(
      allOf(
        status('phoenix-test-hello', 'hi 1.0'),
        status('phoenix-test-conf', 'hi 1.0'),
        status('phoenix-test-needs-hello', 'ii 1.0'),
      ),
    );
  });

  it('completes what a killed dpkg left behind, and keeps a local conffile through an upgrade', async () => {
    await lab.machine.succeed(
      allOf(
        `echo mine > ${CONF}`,
        'apt-get -y purge phoenix-test-slow',
        beginSlow('lab-slow'),
        'systemctl kill -s KILL lab-slow',
        'for i in $(seq 100); do systemctl is-active lab-slow || break; sleep 0.1; done',
        `! ${status('phoenix-test-slow', 'ii 1.0')}`,
      ),
    );
    const stdout = await converge(
      manifest("name: phoenix-test-conf, version: '1.1', hold: false", 'name: phoenix-test-slow'),
    );
    assert.match(stdout, /keeping the local changes in \/etc\/phoenix-test-conf\.conf/);
    const told =
      'AptPackage[phoenix-test-conf]: kept the local /etc/phoenix-test-conf.conf (phoenix-test-conf ships another, see /etc/phoenix-test-conf.conf.dpkg-dist)';
    assert.ok(stdout.split('\n').includes(told), stdout);
    const newest = '/var/lib/phoenix/runs/$(ls -t /var/lib/phoenix/runs | head -1)/report.json';
    await lab.machine.succeed(
      allOf(
        status('phoenix-test-slow', 'ii 1.0'),
        status('phoenix-test-conf', 'ii 1.1'),
        'test -z "$(dpkg --audit)"',
        `grep -qx mine ${CONF}`,
        `grep -q 1.1 ${CONF}.dpkg-dist`,
        `jq -e '.outcomes.notes | map(.ref) == ["AptPackage[phoenix-test-conf]"]' ${newest}`,
      ),
    );
  });

  it('refuses a downgrade, and to remove what is needed, held or not declared absent', async () => {
    await lab.phoenix.manifest(
      manifest(
        "name: phoenix-test-conf, version: '1.0'",
        'name: openssh-server, ensure: absent',
        'name: phoenix-test-hello, ensure: absent',
        'name: phoenix-test-slow',
      ),
    );
    const held = await lab.phoenix.check();
    assert.equal(held.code, 2);
    assertPlan(held.stdout, {
      'AptPackage[phoenix-test-conf]': /refused: .*allowDowngrade/,
      'AptPackage[openssh-server]': /refused: .*protected/,
      'AptPackage[phoenix-test-hello]': /refused: .*is held/,
    });
    await lab.machine.succeed('apt-mark unhold phoenix-test-hello');
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4);
    assert.match(stdout, /would also remove phoenix-test-needs-hello/);
    await lab.machine.succeed(
      allOf(
        status('phoenix-test-conf', 'ii 1.1'),
        status('phoenix-test-hello', 'ii 1.0'),
        status('phoenix-test-needs-hello', 'ii 1.0'),
        'dpkg-query -W openssh-server',
      ),
    );
  });

  it('removes, keeping configuration files, and purges only what is confirmed', async () => {
    await converge(
      manifest(
        'name: phoenix-test-hello, ensure: absent',
        'name: phoenix-test-needs-hello, ensure: absent',
        'name: phoenix-test-conf, ensure: absent',
      ),
    );
    await lab.machine.succeed(
      allOf(
        'test ! -e /usr/bin/phoenix-test-hello',
        status('phoenix-test-conf', 'rc 1.1'),
        `grep -qx mine ${CONF}`,
      ),
    );
    await lab.phoenix.manifest(manifest('name: phoenix-test-conf, ensure: purged'));
    assert.equal((await lab.phoenix.setup()).code, 3);
    await lab.machine.succeed(`test -e ${CONF}`);
    assert.equal((await lab.phoenix.setup(['--confirm', 'AptPackage[phoenix-test-conf]'])).code, 0);
    await lab.machine.succeed(`test ! -e ${CONF}`);
  });

  it('reports a package that fails and one that no source has, and installs the others', async () => {
    await lab.phoenix.manifest(
      manifest('name: phoenix-test-broken', 'name: phoenix-test-nosuch', 'name: phoenix-test-hello'),
    );
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4);
    assert.match(stdout, /^AptPackage\[phoenix-test-broken\]: failed: (.*\n)*.*this postinst always fails/m);
    assert.match(stdout, /^AptPackage\[phoenix-test-nosuch\]: failed: (.*\n)*.*Unable to locate package/m);
    assert.doesNotMatch(stdout, /^AptPackage\[phoenix-test-hello\]: failed/m);
    await lab.machine.succeed(status('phoenix-test-hello', 'ii 1.1'));
  });
});
