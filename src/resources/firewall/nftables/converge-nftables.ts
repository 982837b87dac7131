import type { Host } from '../../../host/host.ts';
import { ENABLED, FOLDER, RULES, UNIT, UNIT_NAME, UNIT_TEXT } from './files.ts';
import { CLEARED } from './table.ts';

const ROOT = { uid: 0, gid: 0 };
const READABLE = { mode: 0o644, ...ROOT };

export const systemctl = async (host: Host, ...args: string[]): Promise<void> => {
  await host.run({ program: 'systemctl', args });
};

/** What nft refuses is neither written nor loaded; what it loads, it loads as a whole or not at all. */
export const apply = async (host: Host, text: string): Promise<void> => {
  if (host.lstat(FOLDER) === undefined) host.makeDirectory(FOLDER, { mode: 0o755, ...ROOT });
  await host.writeFile(RULES, text, { ...READABLE, checkedBy: { program: 'nft', args: ['-c', '-f'] } });
  await host.run({ program: 'nft', args: ['-f', RULES] });
};

/** A mask is a symlink in the place of the unit. */
const unmask = (host: Host): void => {
  if (host.lstat(UNIT)?.type === 'symlink') host.removeFile(UNIT);
};

/** It is started too, so that it follows when nftables.service is restarted: the same rules are loaded once more. */
export const loadAtBoot = async (host: Host): Promise<void> => {
  unmask(host);
  await host.writeFile(UNIT, UNIT_TEXT, READABLE);
  await systemctl(host, 'daemon-reload');
  await systemctl(host, 'enable', '--', UNIT_NAME);
  await systemctl(host, 'start', '--', UNIT_NAME);
};

export const clearTable = async (host: Host): Promise<void> => {
  await host.run({ program: 'nft', args: ['-f', '-'], input: CLEARED });
};

/** The unit goes first: it must not load the rules again. */
export const remove = async (host: Host): Promise<void> => {
  if (host.lstat(ENABLED) !== undefined) host.removeFile(ENABLED);
  if (host.lstat(UNIT) !== undefined) {
    await systemctl(host, 'stop', '--', UNIT_NAME);
    host.removeFile(UNIT);
    await systemctl(host, 'daemon-reload');
  }
  if (host.lstat(RULES) !== undefined) host.removeFile(RULES);
  await clearTable(host);
};
