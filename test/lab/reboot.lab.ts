import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';

/** A cause that a boot brings, one that it does not, and a file that every boot takes away. */
const manifest = (reboot: string): string => `version: 1
reboot: { ${reboot} }
resources:
  - KernelCmdline: { parameter: iommu=pt }
  - KernelCmdline: { parameter: phoenix_lab=1 }
  - File: { path: /run/made-again, content: "here\\n", mode: '0644' }
`;

/** As qm(1) prints it, with one guest in the state that a file has. */
const QM = `#!/bin/sh
[ "$*" = list ] || exit 2
printf '      VMID NAME                 STATUS     MEM(MB)    BOOTDISK(GB) PID\\n'
printf '       100 web                  %-10s 2048              32.00 1234\\n' "$(cat /root/state-of-100)"
`;

/** The host boots by an entry of its own, which knows iommu=pt and not the other parameter. */
const OWN_ENTRY = [
  'printf \'#!/bin/sh\\n{ echo set default=mine; sed -n "/^menuentry /,/^}/p" /boot/grub/grub.cfg | sed "/^}/q" | sed "s/ phoenix_lab=1//; s/^menuentry .*{/menuentry mine --id mine {/"; } > /boot/grub/custom.cfg\\n\' > /root/own-entry',
  'sh /root/own-entry',
].join(' && ');

const hours = (from: number): string =>
  [from, from + 1].map((hour) => `${String(hour % 24).padStart(2, '0')}:00`).join('-');

describeLab('a reboot that is owed', (lab) => {
  let boot = '';
  const bootId = async (): Promise<string> =>
    await lab.machine.succeed('cat /proc/sys/kernel/random/boot_id');

  before(async () => {
    await lab.machine.bootByGrub();
    await lab.phoenix.install();
    await lab.machine.writeFile('/usr/sbin/qm', QM, '0755');
    await lab.machine.succeed(
      allOf(
        'mkdir -p /boot/grub && echo running > /root/state-of-100',
        'printf "GRUB_TIMEOUT=0\\nGRUB_CMDLINE_LINUX=\'rw console=ttyS0 apparmor=1 security=apparmor mitigations=off loglevel=4 panic=-1\'\\n" >> /etc/default/grub',
      ),
    );
    boot = await bootId();
  });

  it('is told of and not made: by default, outside the window', async () => {
    const hour = Number(await lab.machine.succeed('date +%-H'));
    await lab.phoenix.manifest(manifest(`when: allowed, window: '${hours(hour + 3)}'`));
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    assert.match(
      stdout,
      /a reboot is owed since 20.*: after it iommu=pt is in effect \(for KernelCmdline\[iommu\]\)/,
    );
    assert.match(stdout, /^No reboot now: it is \d\d:\d\d, and the window is from /m);
    const check = await lab.phoenix.check();
    assert.equal(check.code, 0, check.stdout);
    assert.match(check.stdout, /a reboot is owed since 20.*: after it phoenix_lab=1 is in effect/);
    assert.equal(await bootId(), boot);
  });

  it('is not made while a guest runs that may not be stopped', async () => {
    await lab.phoenix.manifest(manifest('when: allowed'));
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^No reboot now: guest 100 \(web\) runs and may not be stopped/m);
    assert.equal(await bootId(), boot);
  });

  it('is made when it may be, and a unit goes on after it; what it did not bring it is not made for again', async () => {
    await lab.phoenix.manifest(manifest('when: allowed, mayStop: [100]'));
    await lab.machine.succeed(OWN_ENTRY);
    await lab.machine.duringReboot(async () => {
      const { stdout } = await lab.phoenix.setup();
      assert.match(stdout, /^Rebooting now/m);
    });
    await lab.machine.waitUntil('test -e /run/made-again && ! systemctl is-active -q phoenix-resume.service');
    const journal = await lab.machine.succeed('journalctl -b -u phoenix-resume.service --no-pager -o cat');
    assert.match(
      journal,
      /goes on after the reboot of run \S+, which was for KernelCmdline\[iommu\]: iommu=pt is in effect; /,
    );
    assert.match(journal, /No reboot now: run \S+ rebooted for it at 20\S+, and it is still not in effect/);
    await lab.machine.succeed(
      allOf(
        'grep -q " iommu=pt" /proc/cmdline && ! grep -q phoenix_lab /proc/cmdline',
        '! ls /etc/systemd/system /etc/systemd/system/multi-user.target.wants | grep phoenix-resume',
      ),
    );
    boot = await bootId();
    const again = await lab.phoenix.setup();
    assert.equal(again.code, 0, again.stdout);
    assert.match(again.stdout, /^No reboot now: run \S+ rebooted for it/m);
    assert.doesNotMatch(again.stdout, /iommu=pt/);
    assert.equal(await bootId(), boot);
  });
});
