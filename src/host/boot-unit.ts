/** A unit of ours that systemd starts at a boot, for as long as there is something to go on with. */
import { closeSync, mkdirSync, rmSync } from 'node:fs';
import { replaceFileBesideOthers, replaceSymlink } from './durable.ts';
import { openDirectory } from './safe-path.ts';

const UNITS = '/etc/systemd/system';

export interface BootUnit {
  readonly name: string;
  /** The target that wants it. */
  readonly target: string;
}

const wantsOf = ({ target }: BootUnit): string => `${UNITS}/${target}.wants`;

/** Enables it without systemctl: the next boot finds it, and systemd of today need not know. */
export const writeBootUnit = (unit: BootUnit, text: string): void => {
  mkdirSync(wantsOf(unit), { recursive: true, mode: 0o755 });
  const units = openDirectory(UNITS);
  const wants = openDirectory(wantsOf(unit));
  try {
    replaceFileBesideOthers(units, unit.name, Buffer.from(text), { mode: 0o644, uid: 0, gid: 0 });
    replaceSymlink(wants, unit.name, `../${unit.name}`);
  } finally {
    closeSync(units);
    closeSync(wants);
  }
};

/** Also while it runs: systemd has it in its memory. */
export const removeBootUnit = (unit: BootUnit): void => {
  rmSync(`${wantsOf(unit)}/${unit.name}`, { force: true });
  rmSync(`${UNITS}/${unit.name}`, { force: true });
};
