import { surprise } from './outcome.ts';
import type { Ssh } from './ssh.ts';

/** How long a boot may take: emulation on a busy machine has been seen to need four minutes. */
export const bootTimeout = (accelerator: string): number => (accelerator === 'kvm' ? 120_000 : 420_000);

/** Waits until systemd has nothing left to start. A failed unit is for the tests to judge, not for the boot. */
export const waitUntilBooted = async (ssh: Ssh, timeout: number): Promise<void> => {
  const command = 'systemctl is-system-running --wait';
  const outcome = await ssh.run(command, { timeout });
  if (!['running', 'degraded'].includes(outcome.stdout))
    throw surprise('the machine did not boot', command, outcome);
};
