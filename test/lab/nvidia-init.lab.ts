import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';

const manifest = (init: string): string => `version: 1\nnvidia:\n  init: ${init}\n`;
const UNIT = 'phoenix-nvidia.service';
const FILE = `/etc/systemd/system/${UNIT}`;
const ready = allOf(
  `systemctl is-enabled ${UNIT} && systemctl is-active ${UNIT}`,
  'test -c /dev/nvidiactl && test -c /dev/nvidia0 && test -c /dev/nvidia-uvm',
  'test -e /root/persistent',
  `grep -q "^ExecStart=/usr/bin/nvidia-modprobe -u -c 0$" ${FILE}`,
);

describeLab('NVIDIA cards at boot', (lab) => {
  before(async () => {
    await lab.machine.copyIn(join(import.meta.dirname, 'nvidia/card.sh'), '/root/card.sh');
    await lab.machine.succeed('bash /root/card.sh');
    await lab.phoenix.manifest(manifest('{}'));
  });

  const converge = async (): Promise<void> => {
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
  };

  it('has them ready before guests start, and has nothing to do the second time', async () => {
    await converge();
    await lab.machine.succeed(
      allOf(
        ready,
        `systemctl show -p Before ${UNIT} | grep -w pve-guests.service | grep -w lxc.service | grep -qw docker.service`,
        `systemd-analyze verify --recursive-errors=no ${FILE}`,
      ),
    );
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.deepEqual([code, stdout], [0, ''], stderr);
  });

  it('names what was undone by hand, and repairs it', async () => {
    await lab.machine.succeed(
      allOf(
        `sed -i s/^Description=.*/Description=mine/ ${FILE} && systemctl disable ${UNIT} && systemctl stop ${UNIT}`,
        'rm /dev/nvidia-uvm /root/persistent',
      ),
    );
    const { code, stdout } = await lab.phoenix.check();
    assert.equal(code, 2, stdout);
    for (const pattern of [
      /NvidiaInit\[host\]: rewrite \/etc\/systemd\/system\/phoenix-nvidia\.service/,
      /phoenix-nvidia\.service enabled: disabled → enabled/,
      /phoenix-nvidia\.service state: inactive → active/,
      /\/dev\/nvidia-uvm: none → device node/,
      /persistence mode: off → on/,
    ])
      assert.match(stdout, pattern);
    await converge();
    await lab.machine.succeed(allOf(ready, `! grep -q mine ${FILE}`));
  });

  it('says when the driver does not work, and does not call it in sync', async () => {
    await lab.machine.succeed('touch /root/lost');
    const { code, stdout } = await lab.phoenix.check();
    assert.equal(code, 2, stdout);
    assert.match(
      stdout,
      /^! NvidiaInit\[host\]: refused: nvidia-smi fails with exit code 15: Unable to determine/m,
    );
    await lab.machine.succeed('rm /root/lost');
  });

  it('removes the unit, and leaves the device nodes', async () => {
    await lab.phoenix.manifest(manifest('{ ensure: absent }'));
    await converge();
    await lab.machine.succeed(
      allOf(`! test -e ${FILE}`, `! systemctl is-active ${UNIT}`, 'test -c /dev/nvidia0'),
    );
  });
});
