import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const manifest = (...settings: string[]): string =>
  `version: 1\nresources:\n${settings.map((one) => `  - Sysctl: { ${one} }\n`).join('')}`;
const dropIn = (key: string): string => `/etc/sysctl.d/95-phoenix-${key}.conf`;

/** Each with the value that is wanted, and another one. */
const VALUES: readonly (readonly [path: string, wanted: string, other: string])[] = [
  ['vm/swappiness', '10', '60'],
  ['vm/dirty_ratio', '30', '20'],
  ['vm/dirty_background_ratio', '15', '10'],
  ['net/ipv4/tcp_rmem', '4096 131072 6291456', '4096 131072 5291456'],
  ['net/ipv4/conf/dot0.5/rp_filter', '2', '0'],
];
const ALL = manifest(
  'key: vm.swappiness, value: 10',
  'key: vm.dirty_ratio, value: 30',
  "key: vm/dirty_background_ratio, value: '15'",
  "key: net.ipv4.tcp_rmem, value: '4096 131072 6291456'",
  'key: net.ipv4.conf.dot0/5.rp_filter, value: 2',
);
const live = VALUES.map(([path, wanted]) => `test "$(tr '\\t' ' ' < /proc/sys/${path})" = '${wanted}'`);
/** What the next boot would apply: put something else there, and let the boot's own program run. */
const afterBoot = [
  ...VALUES.map(([path, , other]) => `echo '${other}' > /proc/sys/${path}`),
  'systemctl restart systemd-sysctl',
  ...live,
];

describeLab('Sysctl', (lab) => {
  it('sets values in the kernel and at boot, also of an interface with a dot in its name', async () => {
    await lab.machine.succeed(allOf('ip link add dot0.5 type dummy', 'sysctl -w vm.swappiness=60'));
    await lab.phoenix.manifest(ALL);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(allOf(...live, ...afterBoot));
  });

  it('has nothing to do the second time', async () => {
    await lab.machine.succeed('stat -c "%n %i %Y" /etc/sysctl.d/* > /root/before');
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /^In sync: 5 resources/m);
    await lab.machine.succeed('stat -c "%n %i %Y" /etc/sysctl.d/* | cmp - /root/before');
  });

  it('names the kernel and the file, each changed by hand, and repairs both', async () => {
    await lab.machine.succeed(
      allOf(
        'sysctl -w vm.swappiness=33',
        `sed -i 's/30/44/' ${dropIn('vm.dirty_ratio')}`,
        `rm ${dropIn('vm.dirty_background_ratio')}`,
        'sysctl -w net.ipv4.tcp_rmem="4096 131072 5291456"',
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'Sysctl[vm.swappiness]': /live: 33 → 10/,
      'Sysctl[vm.dirty_ratio]': [/set vm\.dirty_ratio to 30 at boot/, /^ +-vm\.dirty_ratio = 44$/m],
      'Sysctl[vm.dirty_background_ratio]': /set vm\.dirty_background_ratio to 15 at boot/,
      'Sysctl[net.ipv4.tcp_rmem]': /live: 4096 131072 5291456 → 4096 131072 6291456/,
    });
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(allOf(...live, ...afterBoot));
  });

  it('names the file that wins at boot, and settings that the kernel does not have or keeps as they are', async () => {
    await lab.machine.succeed('echo vm.swappiness=77 > /etc/sysctl.d/99-zz.conf');
    await lab.phoenix.manifest(
      manifest(
        'key: vm.swappiness, value: 10',
        'key: vm.swapiness, value: 10',
        'key: kernel.ostype, value: phoenix',
      ),
    );
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4);
    assertPlan(stdout, {
      'Sysctl[vm.swappiness]': /refused: .*99-zz\.conf sets vm\.swappiness to 77/,
      'Sysctl[vm.swapiness]': /refused: .*no \/proc\/sys\/vm\/swapiness/,
      'Sysctl[kernel.ostype]': /set kernel\.ostype to phoenix/,
    });
    assert.match(stdout, /^Sysctl\[kernel\.ostype\]: failed: /m);
    await lab.machine.succeed(
      allOf(
        'test "$(sysctl -n kernel.ostype)" = Linux',
        '! ls /etc/sysctl.d | grep ostype',
        'grep -qx vm.swappiness=77 /etc/sysctl.d/99-zz.conf',
        'rm /etc/sysctl.d/99-zz.conf',
      ),
    );
  });

  it('removes its files, and leaves the running values', async () => {
    await lab.phoenix.manifest(
      manifest(
        'key: vm.swappiness, ensure: absent',
        'key: net.ipv4.conf.dot0/5.rp_filter, ensure: absent',
        'key: vm.never, ensure: absent',
      ),
    );
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(...live, `test ! -e ${dropIn('vm.swappiness')}`, '! ls /etc/sysctl.d | grep dot0'),
    );
  });
});
