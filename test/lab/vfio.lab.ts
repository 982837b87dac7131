import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';

const manifest = (...devices: string[]): string =>
  `version: 1\nvfio:\n  devices:\n${devices.map((fields) => `    - { ${fields} }\n`).join('')}`;

/** Two network cards of one kind, without a cable, each in an IOMMU group of its own; the second is never named. */
const CARD = '0000:00:12.0';
const TWIN = '0000:00:13.0';
const SSH = '0000:00:02.0';
const ROOT_DISK = '0000:00:08.0';
/** In one group with the bridge and the SATA controller of the chipset. */
const SHARES = '0000:00:1f.3';

const device = (address: string): string => `/sys/bus/pci/devices/${address}`;
const has = (address: string, driver: string): string =>
  `test "$(basename "$(readlink ${device(address)}/driver)")" = ${driver}`;
const override = (address: string, driver: string): string =>
  `test "$(cat ${device(address)}/driver_override)" = '${driver}'`;
const SCRIPT = '/etc/initramfs-tools/scripts/init-top/phoenix-vfio-0000-00-12.0';

/** As an operator sets up a host without a screen; and a small initramfs, which emulation makes in one minute, not four. */
const PREPARE = allOf(
  'mkdir -p /boot/grub /etc/initramfs-tools/conf.d',
  'printf "MODULES=dep\\nCOMPRESSLEVEL=1\\n" > /etc/initramfs-tools/conf.d/lab',
  'printf "GRUB_TIMEOUT=0\\nGRUB_CMDLINE_LINUX=\'rw console=ttyS0 apparmor=1 security=apparmor mitigations=off loglevel=4 panic=-1\'\\n" >> /etc/default/grub',
);

describeLab('the section vfio, behind an emulated IOMMU', (lab) => {
  before(async () => {
    await lab.machine.bootByGrub();
    await lab.phoenix.install();
    await lab.machine.succeed(PREPARE);
  });

  it('refuses the disk of the root, the card that carries ssh, and a part of an IOMMU group', async () => {
    const all = [ROOT_DISK, SSH, SHARES, '0000:07:00.0'].map((address) => `address: '${address}'`);
    await lab.phoenix.manifest(manifest(...all, `id: '8086:10d3'`));
    const { code, stdout } = await lab.phoenix.check();
    assert.equal(code, 2, stdout);
    assert.match(stdout, /^! VfioBinding\[0000:00:08\.0\]: refused: .* carries \/dev\/vda, where \/ is/m);
    assert.match(stdout, /^! VfioBinding\[0000:00:02\.0\]: refused: .* has the address 10\.0\.2\.15/m);
    assert.match(
      stdout,
      /^! VfioBinding\[0000:00:1f\.3\]: refused: IOMMU group \d+ .* also has 0000:00:1f\.0 \(bridge.*0000:00:1f\.2 \(storage/m,
    );
    assert.match(stdout, /^! VfioBinding\[0000:07:00\.0\]: refused: there is no PCI device/m);
    // by its id: every one that matches is shown
    assert.match(stdout, /^[+~] VfioBinding\[8086:10d3\]: .*0000:00:12\.0 .*0000:00:13\.0 /m);
    await lab.machine.succeed(allOf(has(CARD, 'e1000e'), has(TWIN, 'e1000e'), `! test -e ${SCRIPT}`));
  });

  it('binds a card from a bare host: command line, module, initramfs, and the card now', async () => {
    await lab.phoenix.manifest(manifest(`address: '${CARD}'`));
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    assert.match(
      stdout,
      /a reboot is owed since .*: after it iommu=pt is in effect \(for KernelCmdline\[iommu\]\)/,
    );
    await lab.machine.succeed(
      allOf(
        has(CARD, 'vfio-pci'),
        override(CARD, 'vfio-pci'),
        has(TWIN, 'e1000e'),
        override(TWIN, '(null)'),
        'grep -q "^\\s*linux.* iommu=pt" /boot/grub/grub.cfg',
        'grep -qx vfio_pci /etc/modules-load.d/phoenix-vfio_pci.conf',
        'lsinitramfs /boot/initrd.img-* > /root/inside',
        'grep -q /vfio-pci.ko /root/inside && grep -qx scripts/init-top/phoenix-vfio-0000-00-12.0 /root/inside',
      ),
    );
  });

  it('has it bound after a boot, before its driver could take it, and has nothing more to do', async () => {
    await lab.machine.reboot();
    await lab.machine.succeed(
      allOf(
        'grep -q " iommu=pt" /proc/cmdline',
        has(CARD, 'vfio-pci'),
        override(CARD, 'vfio-pci'),
        has(TWIN, 'e1000e'),
        `! dmesg | grep -q 'e1000e ${CARD}'`,
        `dmesg | grep -q 'e1000e ${TWIN}'`,
        'test "$(cat /sys/kernel/iommu_groups/1/type)" = identity',
        "stat -c '%n %i %Y' /boot/* /boot/grub/* /etc/modprobe.d/* > /root/before",
      ),
    );
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.deepEqual({ code, stdout }, { code: 0, stdout: '' }, stderr);
    await lab.machine.succeed(
      "stat -c '%n %i %Y' /boot/* /boot/grub/* /etc/modprobe.d/* | cmp - /root/before",
    );
  });

  it('names what was undone by hand, and repairs it', async () => {
    await lab.machine.succeed(
      allOf(
        `echo > ${device(CARD)}/driver_override`,
        `echo ${CARD} > /sys/bus/pci/drivers/vfio-pci/unbind`,
        `echo ${CARD} > /sys/bus/pci/drivers_probe`,
        has(CARD, 'e1000e'),
        'rm /etc/default/grub.d/95-phoenix-iommu.cfg && echo loop > /etc/modules-load.d/phoenix-vfio_pci.conf',
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2, check.stdout);
    assert.match(check.stdout, /^ {4}0000:00:12\.0 driver: e1000e → vfio-pci$/m);
    assert.match(check.stdout, /^ {4}0000:00:12\.0 driver_override: none → vfio-pci$/m);
    assert.match(check.stdout, /KernelCmdline\[iommu\]: add iommu=pt/);
    assert.match(check.stdout, /KernelModule\[vfio_pci\]: rewrite/);
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(
      allOf(
        has(CARD, 'vfio-pci'),
        override(CARD, 'vfio-pci'),
        'grep -q "^\\s*linux.* iommu=pt" /boot/grub/grub.cfg',
        'grep -qx vfio_pci /etc/modules-load.d/phoenix-vfio_pci.conf',
      ),
    );
  });

  it('does not take it from a guest; then gives it back to its driver, and the boot does, too', async () => {
    await lab.phoenix.manifest(manifest(`address: '${CARD}', ensure: absent`));
    await lab.machine.succeed(
      allOf(
        // another minute of emulation: this one says that it was run
        'printf \'#!/bin/sh\\necho "$*" >> /root/rebuilt\\ntouch /boot/initrd.img-*\\n\' > /usr/sbin/update-initramfs',
        `nohup sleep 600 3<>/dev/vfio/"$(basename "$(readlink ${device(CARD)}/iommu_group)")" > /dev/null 2>&1 & echo $! > /root/guest`,
      ),
    );
    const refused = await lab.phoenix.check();
    assert.match(
      refused.stdout,
      /refused: .* is in use by process \d+ \(sleep\), which has \/dev\/vfio\/\d+ open; stop the guest first/,
    );
    await lab.machine.succeed(allOf(has(CARD, 'vfio-pci'), 'kill "$(cat /root/guest)"'));
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        has(CARD, 'e1000e'),
        override(CARD, '(null)'),
        `test -d ${device(CARD)}/net`,
        `! test -e ${SCRIPT} && ! ls /etc/modprobe.d /etc/initramfs-tools/hooks | grep phoenix-vfio-`,
        'test "$(wc -l < /root/rebuilt)" = 1',
      ),
    );
  });
});
