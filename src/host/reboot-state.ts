/** What is known of reboots that phoenix made, and the unit that goes on after one. */
import { readFileSync, rmSync } from 'node:fs';
import type { RebootMade } from '../engine/reboot.ts';
import { removeBootUnit, writeBootUnit, type BootUnit } from './boot-unit.ts';
import { executeOk } from './execute.ts';
import { readState, writeState } from './state-file.ts';

const NAME = 'reboot.json';
const UNIT: BootUnit = { name: 'phoenix-resume.service', target: 'multi-user.target' };

export interface KeptReboot extends RebootMade {
  /** Of the boot that ended with it; undefined once a run has gone on after it. */
  readonly boot?: string | undefined;
}

export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

export const readReboot = async (
  state: string,
  warn: (message: string) => void,
): Promise<KeptReboot | undefined> =>
  await readState(state, NAME, async () => (await import('./reboot-schema.ts')).rebootSchema, warn);

export const keepReboot = (state: string, made: KeptReboot): void => {
  writeState(state, NAME, made);
};

export const forgetReboot = (state: string): void => {
  rmSync(`${state}/${NAME}`, { force: true });
};

/** One word of systemd.service(5), whatever is in it: quoted, and no specifier, variable or escape of systemd's. */
export const unitWord = (text: string): string =>
  /^[\w/.:=@,+-]+$/.test(text)
    ? text
    : `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;

const resumeUnit = (program: string, args: readonly string[]): string => `# made by phoenix for one boot
[Unit]
Description=Go on with phoenix setup after its reboot
Wants=network-online.target
After=network-online.target multi-user.target

[Service]
Type=oneshot
ExecStart=${[program, 'setup', ...args].map(unitWord).join(' ')}
SuccessExitStatus=3
UMask=0077
TimeoutStartSec=1h
TimeoutStopSec=15min
KillMode=mixed
`;

export const writeResumeUnit = (program: string, args: readonly string[]): void => {
  writeBootUnit(UNIT, resumeUnit(program, args));
};

export const removeResumeUnit = (): void => {
  removeBootUnit(UNIT);
};

/** Orderly: guests and services are stopped as at any shutdown. Returns before it happens. */
export const rebootNow = async (): Promise<void> => {
  await executeOk({ program: 'systemctl', args: ['--no-block', 'reboot'] });
};
