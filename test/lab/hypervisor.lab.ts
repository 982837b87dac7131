/** The example of a whole hypervisor: all sixteen steps, from a bare host, and every day after. */
import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';
import { driftsInOrder, newSeed } from './hypervisor-drifts.ts';
import { bareHypervisor, NOTHING } from './hypervisor-host.ts';
import { costText, noOpCosts, ratioOf } from './no-op-cost.ts';
import { say } from './say.ts';

/**
 * What a run may cost that changes nothing. A limit is raised only together with the change that needs it, and with the
 * reason.
 */
const LIMITS = { programs: 17, cpu: 70 };

/** What a host has that phoenix has not been on, as its own tools say. Samba writes smbd-shares each time that it starts. */
const LOOK = [
  'getent passwd phoenix_admin heads; getent group media; hostname; readlink /etc/localtime; sysctl -n vm.swappiness kernel.panic',
  'basename "$(readlink /sys/bus/pci/devices/0000:00:12.0/driver)"; cat /sys/bus/pci/devices/0000:00:12.0/driver_override',
  'nft list tables; exportfs -s; testparm -s 2>/dev/null | grep -c media; ls /etc/systemd/system /usr/local/bin /srv',
  'grep iommu=pt /boot/grub/grub.cfg; grep phoenix /sys/kernel/security/apparmor/profiles; cat /etc/motd /etc/hosts',
  'for unit in smbd nfs-server dnsmasq heartbeat rpcbind; do systemctl show -P ActiveState $unit; done',
  'find /etc/sudoers.d /etc/apparmor.d /etc/modprobe.d /etc/modules-load.d /etc/sysctl.d /etc/logrotate.d /etc/default/grub.d /etc/dnsmasq.d /etc/initramfs-tools -type f ! -name smbd-shares | sort',
].join('; ');

/** What tells whether a service was started anew, or a file written anew. */
const MARKS = [
  'systemctl show -p Id,InvocationID nfs-server smbd dnsmasq chrony ssh apparmor heartbeat nfs-mountd',
  "stat -c '%n %i %Y' /boot/* /etc/exports.d/* /etc/samba/* /etc/dnsmasq.d/* /etc/sudoers.d/* /etc/modprobe.d/* /etc/modules-load.d/* /etc/sysctl.d/* /etc/passwd /etc/shadow /etc/group",
].join('; ');

describeLab('the example of a whole hypervisor', (lab) => {
  const look = async (): Promise<string> => (await lab.machine.run(LOOK)).stdout;
  let bare = '';
  /** Of the setup: before the reboot, and after it. */
  let runs: readonly string[] = [];

  before(async () => {
    await bareHypervisor(lab);
    bare = await look();
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
        // The boot has loaded it all, from the parser's cache.
        '! journalctl -b -u phoenix-resume.service --no-pager -o cat | grep AppArmor',
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
    runs = (await lab.machine.succeed('ls /var/lib/phoenix/runs')).trim().split('\n');
  });

  it('is silent the second time, in every step', async () => {
    await lab.machine.succeed(`(${MARKS}) > /root/before`);
    const costs = await noOpCosts(lab.machine, LIMITS.cpu);
    for (const { outcome } of costs) {
      assert.equal(outcome.code, 0, outcome.stdout + outcome.stderr);
      assert.match(outcome.stdout, NOTHING);
    }
    const least = costs.at(-1)!;
    console.log(costText(least));
    assert.ok(least.programs.length <= LIMITS.programs, `more than ${LIMITS.programs} programs`);
    assert.ok(
      ratioOf(least) <= LIMITS.cpu,
      `CPU time: ${ratioOf(least).toFixed(2)} × that of node, expected at most ${LIMITS.cpu} ×`,
    );
    await lab.machine.succeed(`(${MARKS}) | cmp - /root/before`);
  });

  it('names forty drifts that come in any order, mends them all, and restarts nothing else', async () => {
    const seed = newSeed();
    say(`drifts in the order of PHOENIX_LAB_SEED=${seed}`);
    const drifts = driftsInOrder(seed);
    await lab.machine.succeed(
      allOf('systemctl show -p InvocationID ssh chrony > /root/before', ...drifts.map(({ how }) => how)),
    );
    const expected: Record<string, RegExp[]> = {};
    for (const { ref, told } of drifts) (expected[ref] ??= []).push(...[told ?? []].flat());
    const check = await lab.phoenix.check();
    // Some of what came after `exportfs -u` may have offered the export again.
    if (check.stdout.includes('NfsReady[nfs-server]')) expected['NfsReady[nfs-server]'] = [/not offered/];
    assert.equal(check.code, 2, check.stdout + check.stderr);
    assertPlan(check.stdout, expected);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    const after = await lab.phoenix.check();
    assert.equal(after.code, 0, after.stdout);
    assert.match(after.stdout, NOTHING);
    await lab.machine.succeed('systemctl show -p InvocationID ssh chrony | cmp - /root/before');
  });

  it('is taken back as far as the plan says, and keeps the data', async () => {
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
