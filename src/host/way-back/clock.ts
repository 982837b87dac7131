/**
 * What carries out the way back when this process cannot: a transient timer of systemd, and, because that is gone after
 * a reboot, a unit that runs before the network is set up at boot.
 */
import { dirname } from 'node:path';
import { removeBootUnit, writeBootUnit, type BootUnit } from '../boot-unit.ts';
import { executeOk } from '../execute.ts';

export interface Clock {
  /** Carries out the way back in `seconds`, whatever becomes of this process. */
  start(unit: string, seconds: number): Promise<void>;
  stop(unit: string): Promise<void>;
  /** Nothing waits any more. */
  clear(): void;
}

const BOOT_UNIT: BootUnit = { name: 'phoenix-way-back.service', target: 'sysinit.target' };

/** systemd.special(7): network-pre.target is before any interface is set up; nftables.service is before that. */
const bootUnit = (
  program: string,
  state: string,
): string => `# made by phoenix while a change waits to be confirmed
[Unit]
Description=Take back what phoenix changed and nobody confirmed before the reboot
DefaultDependencies=no
RequiresMountsFor=${state} ${dirname(program)} /etc /usr
After=local-fs.target systemd-remount-fs.service
Before=network-pre.target nftables.service networking.service pve-firewall.service ssh.service shutdown.target
Wants=network-pre.target
Conflicts=shutdown.target
ConditionPathExists=|${state}/way-back/armed.json
ConditionPathExists=|${state}/way-back/taking.json

[Service]
Type=oneshot
ExecStart=${program} way-back --boot
TimeoutStartSec=5min
`;

export const systemdClock = (program: string, state: string): Clock => ({
  async start(unit, seconds) {
    writeBootUnit(BOOT_UNIT, bootUnit(program, state));
    const run = ['--quiet', '--collect', `--unit=${unit}`, `--on-active=${seconds}`];
    const exactly = [
      '--timer-property=AccuracySec=100ms',
      '--description=phoenix: take back what is not confirmed',
    ];
    await executeOk({
      program: 'systemd-run',
      args: [...run, ...exactly, '--', program, 'way-back'],
    });
  },
  async stop(unit) {
    // 5: it has gone by itself
    await executeOk({ program: 'systemctl', args: ['stop', `${unit}.timer`], okCodes: [0, 5] });
  },
  clear() {
    removeBootUnit(BOOT_UNIT);
  },
});
