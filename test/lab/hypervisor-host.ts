/** The host that the example of a whole hypervisor is for, before phoenix has done anything. */
import { join } from 'node:path';
import type { Lab } from './describe-lab.ts';
import { allOf } from './expect.ts';
import { MANIFEST } from './phoenix.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'resources', 'examples');

/** As an operator sets up a host without a screen; and a small initramfs, which emulation makes in one minute, not four. */
const PREPARE = allOf(
  'mkdir -p /boot/grub /etc/initramfs-tools/conf.d',
  'printf "MODULES=dep\\nCOMPRESSLEVEL=1\\n" > /etc/initramfs-tools/conf.d/lab',
  'printf "GRUB_TIMEOUT=0\\nGRUB_CMDLINE_LINUX=\'rw console=ttyS0 apparmor=1 security=apparmor mitigations=off loglevel=4 panic=-1\'\\n" >> /etc/default/grub',
  `cd /etc/phoenix && chown -R root:root . && mv hypervisor.yaml ${MANIFEST} && chmod 0600 ${MANIFEST} && sh host-secrets.sh`,
);

/** Nothing to do; that no time server answers here is said all the same. */
export const NOTHING =
  /^# NtpServer\[system\]: the clock is not synchronised [^\n]*\nPlan: 0 actions on 0 resources; \d+ in sync\n?$/;

export const bareHypervisor = async (lab: Lab): Promise<void> => {
  await lab.machine.bootByGrub();
  await lab.phoenix.install();
  await lab.machine.copyIn(EXAMPLES, '/etc/phoenix');
  await lab.machine.succeed(PREPARE);
};
