import assert from 'node:assert/strict';

import { describeLab } from './describe-lab.ts';

describeLab('the lab itself', { phoenix: false }, (lab) => {
  it('restores a machine within seconds', async () => {
    await lab.machine.succeed('touch /root/left-behind');
    const start = Date.now();
    await lab.machine.reset();
    const seconds = (Date.now() - start) / 1000;
    assert.ok(seconds < 30, `${seconds} s`);
    await lab.machine.fail('test -e /root/left-behind');
    const drift = Number(await lab.machine.succeed('date +%s')) - Date.now() / 1000;
    assert.ok(Math.abs(drift) < 5, `the guest clock is ${drift} s off`);
  });

  it('has booted without a failed unit', async () => {
    assert.equal(await lab.machine.succeed('systemctl list-units --failed --plain --no-legend'), '');
  });

  it('gives the words of the operator to the shell unchanged', async () => {
    assert.equal(await lab.machine.succeed(`printf '%s|' "a b" 'it'"'"'s' '$HOME'`), `a b|it's|$HOME|`);
    const { code, stdout, stderr } = await lab.machine.run('echo out; echo err >&2; exit 7');
    assert.deepEqual({ code, stdout, stderr }, { code: 7, stdout: 'out', stderr: 'err' });
    await assert.rejects(lab.machine.succeed('echo why >&2; false'), /exit code 1[^]*why/);
    assert.equal((await lab.machine.run('sleep 60', { timeout: 1000 })).code, 124);
  });

  it('is reached without a network too', async () => {
    await lab.machine.succeed('ip link set lab0 down', { via: 'agent' });
    const { code, stdout } = await lab.machine.fail('cat; exit 3', { via: 'agent', input: 'by agent' });
    assert.deepEqual({ code, stdout }, { code: 3, stdout: 'by agent' });
    await lab.machine.succeed('ifreload -a', { via: 'agent' });
    await lab.machine.reset();
  });

  it('has the declared disks by serial number', async () => {
    const listed = await lab.machine.succeed('ls /dev/disk/by-id');
    assert.deepEqual(
      listed.split('\n').filter((name) => name.startsWith('virtio-spare')),
      ['virtio-spare-a', 'virtio-spare-b', 'virtio-spare-c', 'virtio-spare-d'],
    );
    assert.equal(
      await lab.machine.succeed('lsblk -bdno SIZE /dev/disk/by-id/virtio-spare-a'),
      String(2 ** 30),
    );
  });

  it('has network cards in IOMMU groups of their own', async () => {
    const cards = await lab.machine.succeed(
      `for card in $(lspci -Dnmm -d 8086:10d3 | cut -d' ' -f1); do ls /sys/bus/pci/devices/$card/iommu_group/devices; done`,
    );
    assert.equal(cards.split('\n').length, 2, cards);
  });

  it('runs real ZFS', async () => {
    const disks = '/dev/disk/by-id/virtio-spare-a /dev/disk/by-id/virtio-spare-b';
    await lab.machine.succeed(`zpool create -f tank mirror ${disks}`);
    assert.equal(await lab.machine.succeed('zpool get -H -o value health tank'), 'ONLINE');
    await lab.machine.succeed('zpool destroy tank');
  });

  it('has AppArmor', async () => {
    assert.equal(await lab.machine.succeed('cat /sys/module/apparmor/parameters/enabled'), 'Y');
  });

  it('installs from the archive in the image', async () => {
    await lab.machine.succeed('apt-get install -y phoenix-test-hello=1.0');
    assert.equal(await lab.machine.succeed('phoenix-test-hello'), 'hello 1.0');
    await lab.machine.succeed('apt-get install -y phoenix-test-needs-hello phoenix-test-hello');
    assert.equal(await lab.machine.succeed('phoenix-test-hello'), 'hello 1.1');
    await lab.machine.fail('apt-get install -y phoenix-test-broken');
  });

  it('keeps over a power cut what was flushed, and only that', async () => {
    await lab.machine.succeed('echo kept > /root/kept && sync');
    await lab.machine.crashAfter(2000, 'echo lost > /root/lost; sleep 60');
    await lab.machine.start();
    await lab.machine.waitForUnit('ssh.service');
    assert.equal(await lab.machine.succeed('cat /root/kept'), 'kept');
    await lab.machine.fail('test -s /root/lost');
  });

  it('fails at once when QEMU ends by itself', async () => {
    const ended = /QEMU has ended by itself; its log ends with[^]*terminating on signal 15/;
    const { pid } = await lab.machine.reset();
    const start = Date.now();
    const waiting = assert.rejects(lab.machine.waitUntil('false', 600_000), ended);
    process.kill(pid, 'SIGTERM');
    await waiting;
    // which is no answer of a command, and nothing to wait for
    await assert.rejects(lab.machine.succeed('true'), ended);
    await assert.rejects(lab.machine.fail('false'), ended);
    const again = await lab.machine.reset();
    await assert.rejects(
      lab.machine.duringReboot(async () => {
        process.kill(again.pid, 'SIGTERM');
        await Promise.resolve();
      }),
      ended,
    );
    const seconds = (Date.now() - start) / 1000;
    assert.ok(seconds < 60, `${seconds} s`);
  });
});
