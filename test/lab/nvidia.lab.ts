import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const manifest = (driver: string, cards = 'whenAbsent: install'): string =>
  `version: 1\nnvidia:\n  ${cards}\n  driver: { ${driver} }\n`;

/** Made by nvidia/packages.sh: not the kernel that runs. */
const KERNEL = '9.9.9-lab';
const BLACKLIST = '/etc/modprobe.d/phoenix-nvidia-driver.conf';

const status = (name: string, expected: string): string =>
  `test "$(dpkg-query -W -f '\${db:Status-Abbrev}\${Version}' ${name})" = '${expected}'`;
const built = (version: string): string =>
  `dkms status | grep -qx 'nvidia-current/${version}, ${KERNEL}, x86_64: installed'`;
const onDisk = (version: string): string =>
  `test "$(modinfo -k ${KERNEL} -F version nvidia-current)" = ${version}`;
const blacklisted = allOf(
  `grep -qx 'blacklist nouveau' ${BLACKLIST}`,
  `lsinitramfs /boot/initrd.img-${KERNEL} | grep -qx etc/modprobe.d/phoenix-nvidia-driver.conf`,
);

describeLab('the NVIDIA driver, for a kernel that boots next', (lab) => {
  before(async () => {
    await lab.machine.copyIn(join(import.meta.dirname, 'nvidia/packages.sh'), '/root/packages.sh');
    await lab.machine.succeed('bash /root/packages.sh');
  });

  const converge = async (text: string): Promise<string> => {
    await lab.phoenix.manifest(text);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };

  it('refuses a host without a card, or says nothing, as it is told', async () => {
    await lab.phoenix.manifest(manifest("version: '550'", 'whenAbsent: fail'));
    const refused = await lab.phoenix.check();
    assert.match(refused.stdout, /^! NvidiaDriver\[host\]: refused: there is no graphics card of NVIDIA/m);
    await lab.phoenix.manifest(manifest("version: '550'", 'whenAbsent: skip'));
    const skipped = await lab.phoenix.setup();
    assert.deepEqual([skipped.code, skipped.stdout], [0, '']);
    await lab.machine.succeed(`! dpkg-query -W nvidia-smi && ! test -e ${BLACKLIST}`);
  });

  it('installs a branch, builds it for the kernel that boots next, and switches nouveau off', async () => {
    await converge(manifest("version: '550'"));
    await lab.machine.succeed(
      allOf(
        status('nvidia-kernel-dkms', 'ii 550.1-1'),
        status('nvidia-smi', 'ii 550.1-1'),
        status(`linux-headers-${KERNEL}`, 'ii 1'),
        built('550.1'),
        onDisk('550.1'),
        blacklisted,
      ),
    );
  });

  it('has nothing to do the second time', async () => {
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.deepEqual({ code, stdout }, { code: 0, stdout: '' }, stderr);
  });

  it('names what was undone by hand, and repairs it', async () => {
    await lab.machine.succeed(
      allOf(`rm ${BLACKLIST} /lib/modules/${KERNEL}/updates/dkms/nvidia-current.ko*`, 'dpkg -r nvidia-smi'),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2, check.stdout);
    assert.match(
      check.stdout,
      /^[+~] NvidiaDriver\[host\]: create \/etc\/modprobe\.d\/phoenix-nvidia-driver\.conf/m,
    );
    assert.match(check.stdout, /NvidiaDriver\[host\]: install nvidia-smi to 550 /m);
    assert.match(check.stdout, /NvidiaDriver\[host\]: have DKMS build the driver for 9\.9\.9-lab/);
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(
      allOf(status('nvidia-smi', 'ii 550.1-1'), built('550.1'), onDisk('550.1'), blacklisted),
    );
  });

  it('leaves the old driver where the new one cannot be built, and takes one that can', async () => {
    await lab.phoenix.manifest(manifest("version: '570'"));
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4, stdout);
    assert.match(stdout, /nvidia-current 570\.1 cannot be built for 9\.9\.9-lab, .* the old driver stays/);
    assert.match(stdout, /error: this kernel is too new/);
    await lab.machine.succeed(
      allOf(
        status('nvidia-kernel-dkms', 'ii 550.1-1'),
        status('nvidia-smi', 'ii 550.1-1'),
        built('550.1'),
        onDisk('550.1'),
        '! test -e /var/lib/phoenix/nvidia',
      ),
    );
    await converge(manifest("version: '560'"));
    await lab.machine.succeed(allOf(status('nvidia-smi', 'ii 560.1-1'), built('560.1'), onDisk('560.1')));
  });

  it('removes it, and lets nouveau have the cards again', async () => {
    await lab.phoenix.manifest(manifest('ensure: absent'));
    const check = await lab.phoenix.check();
    assertPlan(check.stdout, {
      'NvidiaDriver[host]': [/remove nvidia-kernel-dkms, nvidia-smi/, /remove \/etc\/modprobe\.d/],
    });
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        '! dkms status | grep nvidia',
        `! test -e ${BLACKLIST}`,
        `! find /lib/modules/${KERNEL} | grep nvidia`,
        '! test -e /usr/bin/nvidia-smi',
      ),
    );
  });
});
