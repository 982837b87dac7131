/**
 * The whole example of a hypervisor, taken back. Seen so far: 26 resources are back, then rpcbind.socket does not start while
 * rpcbind.service is masked still, and the rest is skipped.
 */
import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { bareHypervisor } from './hypervisor-host.ts';

/** What a host has that phoenix has not been on, as its own tools say. */
const LOOK = [
  'getent passwd phoenix_admin heads; getent group media; hostname; readlink /etc/localtime; sysctl -n vm.swappiness kernel.panic',
  'basename "$(readlink /sys/bus/pci/devices/0000:00:12.0/driver)"; cat /sys/bus/pci/devices/0000:00:12.0/driver_override',
  'nft list tables; exportfs -s; testparm -s 2>/dev/null | grep -c media; ls /etc/systemd/system /usr/local/bin /srv',
  'grep -c iommu=pt /boot/grub/grub.cfg; grep phoenix /sys/kernel/security/apparmor/profiles; cat /etc/motd /etc/hosts',
  'for unit in smbd nfs-server dnsmasq heartbeat rpcbind; do systemctl show -P ActiveState $unit; done',
  'find /etc/sudoers.d /etc/apparmor.d /etc/modprobe.d /etc/modules-load.d /etc/sysctl.d /etc/logrotate.d /etc/default/grub.d /etc/dnsmasq.d /etc/initramfs-tools -type f | sort',
].join('; ');

describeLab('the example of a whole hypervisor, taken back', (lab) => {
  let bare = '';
  const look = async (): Promise<string> => (await lab.machine.run(LOOK)).stdout;

  before(async () => {
    await bareHypervisor(lab);
    bare = await look();
    await lab.machine.duringReboot(async () => {
      await lab.phoenix.setup(['--yes']);
    });
    await lab.machine.waitUntil(
      '! systemctl list-jobs | grep -q phoenix && ! ls /etc/systemd/system/phoenix-resume.service',
    );
  });

  it('is as it was before, as far as the plan says, and keeps the data', async () => {
    const runs = (await lab.machine.succeed('ls /var/lib/phoenix/runs')).split('\n');
    for (const run of runs.toReversed()) {
      const { code, stdout, stderr } = await lab.phoenix.run(['rollback', run, '--yes', '--no-color']);
      assert.equal(code, 0, stdout + stderr);
    }
    assert.equal(await look(), bare);
    await lab.machine.succeed(
      'zpool list -H tank | grep -q ONLINE && zfs list tank/media tank/backups tank/swap',
    );
  });
});
