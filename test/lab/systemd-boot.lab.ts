import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';
import { bringDebs } from './image/debs.ts';
import { currentRelease } from './release.ts';

const PACKAGES = ['systemd-boot', 'systemd-boot-efi', 'dosfstools'];
const CMDLINE = '/etc/kernel/cmdline';

/** EFI firmware, a partition of its own for the loader, and an entry for each kernel that kernel-install has made. */
const PREPARE = allOf(
  'dpkg -i /root/debs/dosfstools* > /root/dpkg 2>&1',
  'sgdisk -n1:0:0 -t1:ef00 /dev/vdb > /dev/null && udevadm settle && mkfs.vfat -F 32 /dev/vdb1 > /dev/null',
  'mkdir -p /boot/efi && echo "/dev/disk/by-id/virtio-spare-a-part1 /boot/efi vfat umask=0077 0 2" >> /etc/fstab',
  'systemctl daemon-reload && mount /boot/efi',
  `mkdir -p /etc/kernel && echo 'root=LABEL=lab rw console=ttyS0 apparmor=1 security=apparmor mitigations=off loglevel=4 panic=-1' > ${CMDLINE}`,
  'dpkg -i /root/debs/systemd-boot* > /root/dpkg 2>&1 || (cat /root/dpkg; false)',
  'bootctl install --no-variables --esp-path=/boot/efi > /root/bootctl 2>&1 || (cat /root/bootctl; false)',
  'kernel-install add "$(uname -r)" "/boot/vmlinuz-$(uname -r)" "/boot/initrd.img-$(uname -r)"',
  // The emulated disk is slow to be looked at before anything else is.
  'echo "timeout 0" > /boot/efi/loader/loader.conf',
);
const manifest = (...parameters: string[]): string =>
  `version: 1\nresources:\n${parameters.map((fields) => `  - KernelCmdline: { ${fields} }\n`).join('')}`;

const ENTRY = '/boot/efi/loader/entries/*.conf';
const entryHas = (word: string): string => `grep -Eq '^options .* ${word}( |$)' ${ENTRY}`;
const bootedWith = (word: string): string => `grep -qw '${word}' /proc/cmdline`;

describeLab('KernelCmdline on a host that boots by EFI and systemd-boot', (lab) => {
  const setup = async (): Promise<string> => {
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };

  before(async () => {
    const tools = currentRelease().version === '12' ? [] : ['systemd-boot-tools'];
    await bringDebs(lab.machine, '/root/debs', [...PACKAGES, ...tools]);
    await lab.machine.succeed(PREPARE);
    await lab.machine.bootByFirmware();
    await lab.machine.succeed('bootctl status --no-pager 2>/dev/null | grep -q "Product: systemd-boot"');
  });

  it('writes the one line and the entries, touches no other word and not GRUB, and owes a reboot', async () => {
    await lab.phoenix.manifest(manifest('parameter: iommu=pt', 'parameter: phoenix_lab=1'));
    const stdout = await setup();
    assert.match(stdout, /a reboot is owed since .*: after it iommu=pt is in effect/);
    await lab.machine.succeed(
      allOf(
        `grep -qx 'root=LABEL=lab rw console=ttyS0 .* panic=-1 iommu=pt phoenix_lab=1' ${CMDLINE}`,
        entryHas('iommu=pt'),
        entryHas('root=LABEL=lab'),
        '! ls /etc/default/grub.d | grep phoenix',
        `! ${bootedWith('iommu=pt')}`,
      ),
    );
  });

  it('names an entry that somebody has written without the parameter, and makes it again', async () => {
    await lab.machine.succeed(`sed -i 's/ iommu=pt//' ${ENTRY}`);
    const { code, stdout } = await lab.phoenix.check();
    assert.equal(code, 2, stdout);
    assert.match(stdout, /KernelCmdline\[iommu\]/);
    assert.doesNotMatch(stdout, /^[~+-] KernelCmdline\[phoenix_lab\]/m);
    await setup();
    await lab.machine.succeed(entryHas('iommu=pt'));
  });

  it('is in effect after the boot, and silent', async () => {
    await lab.machine.reboot();
    await lab.machine.succeed(allOf(bootedWith('iommu=pt'), bootedWith('phoenix_lab=1')));
    const { code, stdout, stderr } = await lab.machine.run('/opt/phoenix/bin/phoenix setup');
    assert.deepEqual([code, stdout, stderr], [0, '', '']);
  });

  it('takes away what is no longer wanted, from the line and the entries', async () => {
    await lab.phoenix.manifest(manifest('parameter: iommu=pt', 'parameter: phoenix_lab=1, ensure: absent'));
    await setup();
    await lab.machine.succeed(
      allOf(`! grep -q phoenix_lab ${CMDLINE}`, `! grep -q phoenix_lab ${ENTRY}`, entryHas('iommu=pt')),
    );
  });
});
