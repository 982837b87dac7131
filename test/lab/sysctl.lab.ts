import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';

const manifest = (...settings: string[]): string =>
  `version: 1\nresources:\n${settings.map((one) => `  - Sysctl: { ${one} }\n`).join('')}`;
const live = (key: string, value: string): string => `test "$(sysctl -n ${key} | tr '\\t' ' ')" = '${value}'`;
/** What the next boot would apply: put something else there, and let the boot's own program run. */
const boots = (key: string, other: string, value: string): string =>
  `sysctl -w ${key}='${other}' && systemctl restart systemd-sysctl && ${live(key, value)}`;
const DROP_IN = '/etc/sysctl.d/95-phoenix-vm.swappiness.conf';

describeLab('Sysctl', (lab) => {
  const want = manifest(
    'key: vm.swappiness, value: 10',
    "key: net.ipv4.tcp_rmem, value: '4096 131072 6291456'",
  );

  it('sets values in the kernel and at boot, and has nothing to do the second time', async () => {
    await lab.machine.succeed('sysctl -w vm.swappiness=60');
    await lab.phoenix.manifest(want);
    assert.equal((await lab.phoenix.check()).code, 2);
    await lab.machine.fail(`test -e ${DROP_IN}`);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed(live('vm.swappiness', '10'));
    await lab.machine.succeed(live('net.ipv4.tcp_rmem', '4096 131072 6291456'));
    await lab.machine.succeed(boots('vm.swappiness', '60', '10'));
    await lab.machine.succeed(`stat -c "%i %Y" ${DROP_IN} > /root/before`);
    assert.equal((await lab.phoenix.check()).code, 0);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed(`stat -c "%i %Y" ${DROP_IN} | cmp - /root/before`);
  });

  it('repairs the kernel and the file, each changed by hand', async () => {
    await lab.phoenix.manifest(want);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    for (const drift of ['sysctl -w vm.swappiness=33', `sed -i 's/10/44/' ${DROP_IN}`, `rm ${DROP_IN}`]) {
      await lab.machine.succeed(drift);
      const check = await lab.phoenix.check();
      assert.equal(check.code, 2, drift);
      assert.match(check.stdout, /Sysctl\[vm\.swappiness\]/);
      assert.equal((await lab.phoenix.setup(['--yes'])).code, 0, drift);
      await lab.machine.succeed(live('vm.swappiness', '10'));
      await lab.machine.succeed(boots('vm.swappiness', '60', '10'));
    }
  });

  it('names the file that wins at boot, and leaves it alone', async () => {
    await lab.machine.succeed('echo vm.swappiness=77 > /etc/sysctl.d/99-zz.conf');
    await lab.phoenix.manifest(want);
    const setup = await lab.phoenix.setup(['--yes']);
    assert.notEqual(setup.code, 0);
    assert.match(setup.stdout, /99-zz\.conf sets vm\.swappiness to 77/);
    await lab.machine.succeed(
      'grep -qx vm.swappiness=77 /etc/sysctl.d/99-zz.conf && rm /etc/sysctl.d/99-zz.conf',
    );
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
  });

  it('fails where the kernel keeps its own value, and persists nothing', async () => {
    await lab.phoenix.manifest(manifest('key: kernel.ostype, value: phoenix'));
    const setup = await lab.phoenix.setup(['--yes']);
    assert.equal(setup.code, 4);
    await lab.machine.succeed(live('kernel.ostype', 'Linux'));
    await lab.machine.fail('ls /etc/sysctl.d | grep ostype');
  });

  it('refuses a setting that the kernel does not have', async () => {
    await lab.phoenix.manifest(manifest('key: vm.swapiness, value: 10'));
    const setup = await lab.phoenix.setup(['--yes']);
    assert.notEqual(setup.code, 0);
    assert.match(setup.stdout, /no \/proc\/sys\/vm\/swapiness/);
  });

  it('reaches a setting of an interface with a dot in its name', async () => {
    await lab.machine.succeed('ip link add lab0 type dummy; ip link add lab0.5 type dummy');
    await lab.phoenix.manifest(manifest('key: net.ipv4.conf.lab0/5.rp_filter, value: 2'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('grep -qx 2 /proc/sys/net/ipv4/conf/lab0.5/rp_filter');
    await lab.machine.succeed(
      'echo 0 > /proc/sys/net/ipv4/conf/lab0.5/rp_filter; systemctl restart systemd-sysctl; grep -qx 2 /proc/sys/net/ipv4/conf/lab0.5/rp_filter',
    );
    assert.equal((await lab.phoenix.check()).code, 0);
  });

  it('removes its file, and leaves the running value', async () => {
    await lab.phoenix.manifest(want);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.phoenix.manifest(manifest('key: vm.swappiness, ensure: absent'));
    assert.equal((await lab.phoenix.check()).code, 2);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.fail(`test -e ${DROP_IN}`);
    await lab.machine.succeed(live('vm.swappiness', '10'));
    assert.equal((await lab.phoenix.check()).code, 0);
  });
});
