/**
 * What carries out the way back when this process cannot: a transient timer of systemd, and, because that is gone after
 * a reboot, a unit that runs before the network is set up at boot.
 */
import { closeSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { replaceFileBesideOthers, replaceSymlink } from '../durable.ts';
import { executeOk } from '../execute.ts';
import { openDirectory } from '../safe-path.ts';

export interface Clock {
  /** Carries out the way back in `seconds`, whatever becomes of this process. */
  start(unit: string, seconds: number): Promise<void>;
  stop(unit: string): Promise<void>;
  /** Nothing waits any more. */
  clear(): void;
}

const UNITS = '/etc/systemd/system';
const BOOT_UNIT = 'phoenix-way-back.service';
const WANTS = `${UNITS}/sysinit.target.wants`;

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

const writeBootUnit = (program: string, state: string): void => {
  mkdirSync(WANTS, { recursive: true, mode: 0o755 });
  const units = openDirectory(UNITS);
  const wants = openDirectory(WANTS);
  try {
    const meta = { mode: 0o644, uid: 0, gid: 0 };
    replaceFileBesideOthers(units, BOOT_UNIT, Buffer.from(bootUnit(program, state)), meta);
    replaceSymlink(wants, BOOT_UNIT, `../${BOOT_UNIT}`);
  } finally {
    closeSync(units);
    closeSync(wants);
  }
};

export const systemdClock = (program: string, state: string): Clock => ({
  async start(unit, seconds) {
    writeBootUnit(program, state);
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
    rmSync(`${WANTS}/${BOOT_UNIT}`, { force: true });
    rmSync(`${UNITS}/${BOOT_UNIT}`, { force: true });
  },
});
