/** The example of a whole hypervisor: all sixteen steps, from a bare host, and every day after. */
import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';
import { bareHypervisor, NOTHING } from './hypervisor-host.ts';

/** What tells whether a service was started anew, or a file written anew. */
const MARKS = [
  'systemctl show -p Id,InvocationID nfs-server smbd dnsmasq chrony ssh apparmor heartbeat nfs-mountd',
  "stat -c '%n %i %Y' /boot/* /etc/exports.d/* /etc/samba/* /etc/dnsmasq.d/* /etc/sudoers.d/* /etc/modprobe.d/* /etc/modules-load.d/* /etc/sysctl.d/* /etc/passwd /etc/shadow /etc/group",
].join('; ');

describeLab('the example of a whole hypervisor', (lab) => {
  before(async () => {
    await bareHypervisor(lab);
  });

  it('comes from a bare host with one setup, a reboot in it', async () => {
    await lab.machine.duringReboot(async () => {
      const { stdout, stderr } = await lab.phoenix.setup(['--yes']);
      assert.match(stdout, /^Converged: \d+ converged/m, stdout + stderr);
      assert.match(stdout, /^Rebooting now/m);
    });
    await lab.machine.waitUntil(
      'test -e /var/lib/phoenix/history.jsonl && ! systemctl list-jobs | grep -q phoenix && ! ls /etc/systemd/system/phoenix-resume.service',
    );
    await lab.machine.succeed(
      allOf(
        'journalctl -b -u phoenix-resume.service --no-pager -o cat | grep "goes on after the reboot"',
        '! journalctl -b -u phoenix-resume.service --no-pager -o cat | grep -E "failed|refused|unreadable"',
        'grep -q " iommu=pt" /proc/cmdline',
        'test "$(basename "$(readlink /sys/bus/pci/devices/0000:00:12.0/driver)")" = vfio-pci',
        'zpool status -x | grep -q "all pools are healthy" && zpool list -H tank | grep -q ONLINE',
        'test "$(hostname)" = phoenix && test "$(readlink /etc/localtime)" = /usr/share/zoneinfo/Europe/Berlin',
        'nft list ruleset | grep -q "policy drop"',
        'exportfs -s | grep ^/tank/media',
        'dig +short @127.0.0.1 docker.internal.example.net | grep -qx 10.0.0.153',
        `printf 'username=phoenix_admin\\npassword=%s\\n' "$(cat /etc/phoenix/secrets/phoenix_admin.samba)" > /root/auth && smbclient //localhost/media -A /root/auth -c 'put /etc/hostname h; del h'`,
        'sudo -l -U phoenix_admin | grep -q ALL && getent group media | grep -q heads',
        'test -b /dev/zvol/tank/swap && systemctl is-active heartbeat && /usr/local/bin/phoenix --version',
        'grep -q lxc-phoenix-nesting /sys/kernel/security/apparmor/profiles',
      ),
    );
  });

  it('is silent the second time, in every step', async () => {
    await lab.machine.succeed(`(${MARKS}) > /root/before`);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stderr);
    assert.match(stdout, NOTHING);
    await lab.machine.succeed(`(${MARKS}) | cmp - /root/before`);
  });
});
