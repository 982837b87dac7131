import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';

const manifest = (...packages: string[]): string =>
  `version: 1\nresources:\n${packages.map((one) => `  - AptPackage: { ${one} }\n`).join('')}`;
const status = (name: string, expected: string): string =>
  `test "$(dpkg-query -W -f '\${db:Status-Abbrev}\${Version}' ${name})" = '${expected}'`;
const CLEAN = 'apt-mark unhold phoenix-test-hello phoenix-test-conf; apt-get -y purge "phoenix-test-*"';

describeLab('AptPackage', (lab) => {
  beforeEach(async () => {
    await lab.machine.succeed(CLEAN);
  });

  it('installs packages in one transaction, and has nothing to do the second time', async () => {
    await lab.phoenix.manifest(
      manifest('name: phoenix-test-needs-hello', "name: phoenix-test-conf, version: '1.0', hold: true"),
    );
    assert.equal((await lab.phoenix.check()).code, 2);
    await lab.machine.succeed(': > /var/log/apt/history.log');
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('test "$(grep -c ^Start-Date: /var/log/apt/history.log)" = 1');
    await lab.machine.succeed(status('phoenix-test-needs-hello', 'ii 1.0'));
    await lab.machine.succeed(status('phoenix-test-conf', 'hi 1.0'));
    assert.equal((await lab.phoenix.check()).code, 0);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('test "$(grep -c ^Start-Date: /var/log/apt/history.log)" = 1');
  });

  it('repairs a package, a version and a hold that were changed by hand', async () => {
    const want = manifest("name: phoenix-test-hello, version: '1.0', hold: true, allowDowngrade: true");
    await lab.phoenix.manifest(want);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    for (const drift of [
      'apt-get -y remove --allow-change-held-packages phoenix-test-hello',
      'apt-get -y install --allow-change-held-packages phoenix-test-hello=1.1',
      'apt-mark unhold phoenix-test-hello',
    ]) {
      await lab.machine.succeed(drift);
      const check = await lab.phoenix.check();
      assert.equal(check.code, 2, drift);
      assert.match(check.stdout, /AptPackage\[phoenix-test-hello\]/);
      assert.equal((await lab.phoenix.setup(['--yes'])).code, 0, drift);
      await lab.machine.succeed(status('phoenix-test-hello', 'hi 1.0'));
    }
  });

  it('refuses a downgrade, and does nothing to a newer version without a declared one', async () => {
    await lab.machine.succeed('apt-get -y install phoenix-test-hello=1.1');
    await lab.phoenix.manifest(manifest("name: phoenix-test-hello, version: '1.0'"));
    const setup = await lab.phoenix.setup(['--yes']);
    assert.notEqual(setup.code, 0);
    assert.match(setup.stdout, /allowDowngrade/);
    await lab.machine.succeed(status('phoenix-test-hello', 'ii 1.1'));
    await lab.phoenix.manifest(manifest('name: phoenix-test-hello'));
    assert.equal((await lab.phoenix.check()).code, 0);
  });

  it('keeps a local conffile through an upgrade, and says so', async () => {
    await lab.machine.succeed('apt-get -y install phoenix-test-conf=1.0');
    await lab.machine.succeed('echo mine > /etc/phoenix-test-conf.conf');
    await lab.phoenix.manifest(manifest("name: phoenix-test-conf, version: '1.1'"));
    const setup = await lab.phoenix.setup(['--yes']);
    assert.equal(setup.code, 0);
    assert.match(setup.stdout, /keeping the local changes in \/etc\/phoenix-test-conf\.conf/);
    await lab.machine.succeed('grep -qx mine /etc/phoenix-test-conf.conf');
    await lab.machine.succeed('grep -q 1.1 /etc/phoenix-test-conf.conf.dpkg-dist');
  });

  it('removes, keeping configuration files, and purges only when confirmed', async () => {
    await lab.machine.succeed('apt-get -y install phoenix-test-conf=1.0');
    await lab.phoenix.manifest(manifest('name: phoenix-test-conf, ensure: absent'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed(status('phoenix-test-conf', 'rc 1.0'));
    assert.equal((await lab.phoenix.check()).code, 0);
    await lab.phoenix.manifest(manifest('name: phoenix-test-conf, ensure: purged'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 3);
    await lab.machine.succeed('test -e /etc/phoenix-test-conf.conf');
    assert.equal((await lab.phoenix.setup(['--yes', '--confirm', 'AptPackage[phoenix-test-conf]'])).code, 0);
    await lab.machine.fail('test -e /etc/phoenix-test-conf.conf');
    assert.equal((await lab.phoenix.check()).code, 0);
  });

  it('never removes what is not declared absent', async () => {
    await lab.machine.succeed('apt-get -y install phoenix-test-needs-hello');
    await lab.phoenix.manifest(manifest('name: phoenix-test-hello, ensure: absent'));
    const setup = await lab.phoenix.setup(['--yes']);
    assert.equal(setup.code, 4);
    assert.match(setup.stdout, /would also remove phoenix-test-needs-hello/);
    await lab.machine.succeed(status('phoenix-test-needs-hello', 'ii 1.0'));
    await lab.phoenix.manifest(
      manifest('name: phoenix-test-hello, ensure: absent', 'name: phoenix-test-needs-hello, ensure: absent'),
    );
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.fail('test -e /usr/bin/phoenix-test-hello');
  });

  it('reports a package whose script fails, and installs the others', async () => {
    await lab.phoenix.manifest(manifest('name: phoenix-test-broken', 'name: phoenix-test-hello'));
    const setup = await lab.phoenix.setup(['--yes', '--keep-going']);
    assert.equal(setup.code, 4);
    assert.match(setup.stdout, /this postinst always fails/);
    await lab.machine.succeed(status('phoenix-test-hello', 'ii 1.1'));
  });

  it('reports a package that no source has, and installs the others', async () => {
    await lab.phoenix.manifest(manifest('name: phoenix-test-nosuch', 'name: phoenix-test-hello'));
    const setup = await lab.phoenix.setup(['--yes', '--keep-going']);
    assert.equal(setup.code, 4);
    assert.match(setup.stdout, /Unable to locate package phoenix-test-nosuch/);
    await lab.machine.succeed(status('phoenix-test-hello', 'ii 1.1'));
  });

  it('completes what a killed dpkg left behind', async () => {
    await lab.machine.succeed(
      'systemd-run --unit=lab-slow apt-get -y install phoenix-test-slow; ' +
        'for i in $(seq 300); do pgrep -f slow.postinst && break; sleep 0.1; done; systemctl kill -s KILL lab-slow',
    );
    await lab.machine.succeed(
      'for i in $(seq 100); do systemctl is-active lab-slow || break; sleep 0.1; done; systemctl reset-failed lab-slow || true',
    );
    await lab.machine.fail(status('phoenix-test-slow', 'ii 1.0'));
    await lab.phoenix.manifest(manifest('name: phoenix-test-slow', 'name: phoenix-test-hello'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed(status('phoenix-test-slow', 'ii 1.0'));
    await lab.machine.succeed('test -z "$(dpkg --audit)"');
  });

  it('waits for another apt, and does not kill it', async () => {
    await lab.machine.succeed(
      'systemd-run --unit=lab-other apt-get -y install phoenix-test-slow; ' +
        'for i in $(seq 300); do pgrep -f slow.postinst && break; sleep 0.1; done',
    );
    await lab.phoenix.manifest(manifest('name: phoenix-test-hello'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed(status('phoenix-test-slow', 'ii 1.0'));
    await lab.machine.succeed(status('phoenix-test-hello', 'ii 1.1'));
  });

  it('refuses to remove what the host needs', async () => {
    await lab.phoenix.manifest(manifest('name: openssh-server, ensure: absent'));
    const setup = await lab.phoenix.setup(['--yes']);
    assert.notEqual(setup.code, 0);
    assert.match(setup.stdout, /protected/);
    await lab.machine.succeed('dpkg-query -W openssh-server');
  });
});
