/** The example of a whole hypervisor: all sixteen steps, from a bare host, and every day after. */
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';
import { DRIFTS } from './hypervisor-drifts.ts';
import { MANIFEST } from './phoenix.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'resources', 'examples');

/** As an operator sets up a host without a screen; and a small initramfs, which emulation makes in one minute, not four. */
const PREPARE = allOf(
  'mkdir -p /boot/grub /etc/initramfs-tools/conf.d',
  'printf "MODULES=dep\\nCOMPRESSLEVEL=1\\n" > /etc/initramfs-tools/conf.d/lab',
  'printf "GRUB_TIMEOUT=0\\nGRUB_CMDLINE_LINUX=\'rw console=ttyS0 apparmor=1 security=apparmor mitigations=off loglevel=4 panic=-1\'\\n" >> /etc/default/grub',
  `cd /etc/phoenix && chown -R root:root . && mv hypervisor.yaml ${MANIFEST} && chmod 0600 ${MANIFEST} && sh host-secrets.sh`,
);

/** What tells whether a service was started anew, or a file written anew. */
const MARKS = [
  'systemctl show -p Id,InvocationID nfs-server smbd dnsmasq chrony ssh apparmor heartbeat nfs-mountd',
  "stat -c '%n %i %Y' /boot/* /etc/exports.d/* /etc/samba/* /etc/dnsmasq.d/* /etc/sudoers.d/* /etc/modprobe.d/* /etc/modules-load.d/* /etc/sysctl.d/* /etc/passwd /etc/shadow /etc/group",
].join('; ');

/** Nothing to do; that no time server answers here is said all the same. */
const NOTHING =
  /^# NtpServer\[system\]: the clock is not synchronised [^\n]*\nPlan: 0 actions on 0 resources; \d+ in sync\n?$/;

describeLab('the example of a whole hypervisor', (lab) => {
  before(async () => {
    await lab.machine.bootByGrub();
    await lab.phoenix.install();
    await lab.machine.copyIn(EXAMPLES, '/etc/phoenix');
    await lab.machine.succeed(PREPARE);
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

  it('names forty drifts that come in any order, mends them all, and restarts nothing else', async () => {
    const order = DRIFTS.map((drift) => ({ drift, at: Math.random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ drift }) => drift);
    const lines = order.map(({ how }) => how);
    await lab.machine.succeed(allOf('systemctl show -p InvocationID ssh chrony > /root/before', ...lines), {
      timeout: 300_000,
    });
    const expected: Record<string, RegExp[]> = {};
    for (const { ref, told } of order) (expected[ref] ??= []).push(...[told ?? []].flat());
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2, lines.join('\n') + check.stdout + check.stderr);
    assertPlan(check.stdout, expected);
    const { code, stdout, stderr } = await lab.phoenix.setup(['--yes']);
    assert.equal(code, 0, lines.join('\n') + stdout + stderr);
    const after = await lab.phoenix.check();
    assert.equal(after.code, 0, after.stdout);
    assert.match(after.stdout, NOTHING);
    await lab.machine.succeed('systemctl show -p InvocationID ssh chrony | cmp - /root/before');
  });
});
