import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';
import { bringDebs } from './image/debs.ts';
import {
  grubHas,
  grubHasNot,
  keepByProxmoxBootTool,
  takeFromUefi,
  uefiHas,
  uefiHasNot,
} from './proxmox/boot-partitions.ts';
import { LOG } from './proxmox/stand-in.ts';
import { currentRelease } from './release.ts';
import { securePackages, signForSecureBoot, signWithConfirmedKey } from './secure-boot/signed.ts';

const PACKAGES = ['systemd-boot', 'systemd-boot-efi', 'dosfstools'];
const CMDLINE = '/etc/kernel/cmdline';

/** EFI firmware, a partition of its own for the loader, and an entry for each kernel that kernel-install has made. */
const PREPARE = allOf(
  'dpkg -i /root/debs/dosfstools* > /root/dpkg 2>&1',
  'sgdisk -n1:0:0 -t1:ef00 /dev/vdb > /dev/null && udevadm settle && mkfs.vfat -F 32 /dev/vdb1 > /dev/null',
  'mkdir -p /boot/efi && echo "/dev/disk/by-id/virtio-spare-a-part1 /boot/efi vfat umask=0077 0 2" >> /etc/fstab',
  'systemctl daemon-reload && mount /boot/efi',
  `mkdir -p /etc/kernel && echo 'root=LABEL=lab rw console=ttyS0 apparmor=1 security=apparmor mitigations=off loglevel=4 panic=-1' > ${CMDLINE}`,
  // No module of a kernel changes here, and to list them takes half a minute of emulation, each time.
  'mkdir -p /etc/kernel/install.d && ln -s /dev/null /etc/kernel/install.d/50-depmod.install',
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

/** Of ZFS, and built by DKMS: the image has it without a signature. */
const MODULE = 'spl';
const LOADS_A_MODULE = `version: 1\nresources:\n  - KernelModule: { name: ${MODULE} }\n`;
const NVIDIA = 'version: 1\nnvidia: { whenAbsent: install, driver: {} }\n';
const UNKNOWN_KEY = /^# NvidiaDriver\[host\]: Secure Boot is on, and the firmware does not know the key/m;

describeLab('a host that boots by EFI, Secure Boot and systemd-boot', (lab) => {
  const setup = async (): Promise<string> => {
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };

  before(async () => {
    const tools = currentRelease().version === '12' ? [] : ['systemd-boot-tools'];
    await bringDebs(lab.machine, '/root/debs', [...PACKAGES, ...tools, ...securePackages()]);
    await lab.machine.succeed(PREPARE);
    await lab.machine.bootByFirmware(await signForSecureBoot(lab.machine));
  });

  it('has booted with Secure Boot, and its kernel refuses a module that nobody has signed', async () => {
    await lab.machine.succeed(
      allOf(
        'bootctl status --no-pager 2>/dev/null | grep -q "Product: systemd-boot"',
        'mokutil --sb-state | grep -qx "SecureBoot enabled"',
        'grep -qF "[integrity]" /sys/kernel/security/lockdown',
        `! modprobe ${MODULE} 2> /root/refused`,
        'grep -Eq "Key was rejected by service|Required key not available" /root/refused',
      ),
    );
  });

  it('explains what Secure Boot refuses, and what the firmware has to be told', async () => {
    await lab.machine.succeed('mokutil --test-key /var/lib/dkms/mok.pub | grep "is not enrolled"');
    await lab.phoenix.manifest(NVIDIA);
    assert.match((await lab.phoenix.check()).stdout, UNKNOWN_KEY);
    await lab.phoenix.manifest(LOADS_A_MODULE);
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4, stdout);
    assert.match(
      stdout,
      /signed by a key it knows \(Secure Boot\), and spl is not; .*mokutil --import \/var\/lib/,
    );
    await lab.machine.succeed(`! grep -q '^${MODULE} ' /proc/modules`);
  });

  it('says no more of it, and loads the module, once the key of DKMS is one that was confirmed', async () => {
    await lab.machine.succeed(signWithConfirmedKey(MODULE));
    await lab.machine.succeed('mokutil --test-key /var/lib/dkms/mok.pub | grep "already enrolled"');
    await lab.phoenix.manifest(NVIDIA);
    assert.doesNotMatch((await lab.phoenix.check()).stdout, /Secure Boot/);
    await lab.phoenix.manifest(LOADS_A_MODULE);
    await setup();
    await lab.machine.succeed(`grep -q '^${MODULE} ' /proc/modules`);
  });

  it('has the one line and the entries written, no other word and not GRUB, and owes a reboot', async () => {
    await lab.phoenix.manifest(
      manifest('parameter: iommu=pt', 'parameter: phoenix_lab=1', 'parameter: phoenix_old=1'),
    );
    const stdout = await setup();
    assert.match(stdout, /a reboot is owed since .*: after it iommu=pt is in effect/);
    await lab.machine.succeed(
      allOf(
        `grep -qx 'root=LABEL=lab rw console=ttyS0 .* panic=-1 iommu=pt phoenix_lab=1 phoenix_old=1' ${CMDLINE}`,
        entryHas('iommu=pt'),
        entryHas('root=LABEL=lab'),
        '! ls /etc/default/grub.d | grep phoenix',
        `! ${bootedWith('iommu=pt')}`,
      ),
    );
  });

  it('has an entry named that somebody has written without the parameter; makes it again, and takes away what is not wanted', async () => {
    await lab.machine.succeed(`sed -i 's/ iommu=pt//' ${ENTRY}`);
    const { code, stdout } = await lab.phoenix.check();
    assert.equal(code, 2, stdout);
    assertPlan(stdout, { 'KernelCmdline[iommu]': /entries of the boot loader: none → iommu=pt/ });
    await lab.phoenix.manifest(
      manifest('parameter: iommu=pt', 'parameter: phoenix_lab=1', 'parameter: phoenix_old=1, ensure: absent'),
    );
    await setup();
    await lab.machine.succeed(
      allOf(
        entryHas('iommu=pt'),
        entryHas('phoenix_lab=1'),
        `! grep -q phoenix_old ${CMDLINE}`,
        `! grep -q phoenix_old ${ENTRY}`,
      ),
    );
  });

  it('has it in effect after the boot, and is silent', async () => {
    await lab.machine.reboot();
    await lab.machine.succeed(allOf(bootedWith('iommu=pt'), bootedWith('phoenix_lab=1')));
    const { code, stdout, stderr } = await lab.machine.run('/opt/phoenix/bin/phoenix setup');
    assert.deepEqual([code, stdout, stderr], [0, '', '']);
  });

  it('has all partitions of proxmox-boot-tool written by one refresh, of systemd-boot and of GRUB', async () => {
    await keepByProxmoxBootTool(lab.machine);
    const stdout = await setup();
    assert.match(
      stdout,
      /\(proxmox-boot-tool \(GRUB, systemd-boot; not on 9C0D-1E2F, which has none or cannot be/,
    );
    await lab.machine.succeed(
      allOf(
        `grep -q ' iommu=pt phoenix_lab=1$' ${CMDLINE}`,
        ...['iommu=pt', 'phoenix_lab=1'].flatMap((word) => [uefiHas(word), grubHas(word)]),
        `test "$(cat ${LOG})" = 'proxmox-boot-tool refresh'`,
        '! findmnt -n -S /dev/vdc1 && ! findmnt -n -S /dev/vdd1',
      ),
    );
  });

  it('has an entry named that is wrong on one of them, which nobody has mounted; takes away from all; and can be checked in a sandbox', async () => {
    await lab.machine.succeed(takeFromUefi('iommu=pt'));
    const { code, stdout } = await lab.phoenix.check();
    assert.equal(code, 2, stdout);
    assertPlan(stdout, { 'KernelCmdline[iommu]': /entries of the boot loader: none → iommu=pt/ });
    await lab.phoenix.manifest(manifest('parameter: iommu=pt', 'parameter: phoenix_lab=1, ensure: absent'));
    await setup();
    await lab.machine.succeed(
      allOf(
        uefiHas('iommu=pt'),
        grubHas('iommu=pt'),
        `! grep phoenix_lab ${CMDLINE} && ! ls /etc/default/grub.d | grep phoenix_lab`,
        uefiHasNot('phoenix_lab'),
        grubHasNot('phoenix_lab'),
      ),
    );
    const inSandbox = 'systemd-run -q --wait --pipe -p CapabilityBoundingSet=~CAP_SYS_ADMIN';
    await lab.machine.succeed(`${inSandbox} /opt/phoenix/bin/phoenix setup --check`);
  });
});
