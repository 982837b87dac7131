/**
 * The units of runs by the timer. What is shipped is the same everywhere: the package has it in systemd's own folder, an
 * unpacked archive lends a copy. What this host's manifest says comes as drop-ins.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Schedule } from '../engine/schedule.ts';
import { replaceFileBesideOthers } from './durable.ts';
import { isCode } from './errors.ts';
import { unitWord } from './reboot-state.ts';
import { inParent } from './safe-path.ts';

/** What a test puts elsewhere. */
export interface UnitFolders {
  readonly own: string;
  readonly packaged: string;
}
const UNIT_FOLDERS: UnitFolders = {
  own: '/etc/systemd/system',
  packaged: '/usr/lib/systemd/system',
};

export const TIMER = 'phoenix.timer';
const SERVICE = 'phoenix.service';
const CHECK_SERVICE = 'phoenix-check.service';
const UNITS = [SERVICE, CHECK_SERVICE, TIMER] as const;
type Unit = (typeof UNITS)[number];

const OURS = '# made by `phoenix schedule enable`; `phoenix schedule disable` removes it\n';
const DROP_IN = 'schedule.conf';

/** What the units are filled in with. */
export interface Wanted {
  readonly program: string;
  readonly manifest: string;
  readonly schedule: Schedule;
  /** Where metrics are written to; a check must be let. */
  readonly textfile?: string | undefined;
}

export const serviceOf = ({ mode }: Schedule): string => (mode === 'check' ? CHECK_SERVICE : SERVICE);

const startedBy = ({ program, manifest }: Wanted, ...flags: string[]): string =>
  [program, 'scheduled', ...flags, '--manifest', manifest].map(unitWord).join(' ');

const service = (command: string): string => `[Service]\nExecStart=\nExecStart=${command}\n`;

/** Without the folder, which the minus sign allows, there are no metrics, and the check goes on. */
const writable = ({ textfile }: Wanted): string =>
  textfile === undefined ? '' : `ReadWritePaths=${unitWord(`-${dirname(textfile)}`)}\n`;

/** An empty value takes away what the shipped unit has. */
const DROP_INS: Readonly<Record<Unit, (wanted: Wanted) => string>> = {
  [SERVICE]: (wanted) => service(startedBy(wanted)),
  [CHECK_SERVICE]: (wanted) => service(startedBy(wanted, '--check')) + writable(wanted),
  [TIMER]: ({ schedule }) =>
    `[Timer]\nUnit=${serviceOf(schedule)}\nOnCalendar=\nOnCalendar=${schedule.onCalendar}\nRandomizedDelaySec=${schedule.randomizedDelay}\n`,
};

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
};

/** By path: what is to be there. A unit that the package has needs no copy. */
export const filesOf = (wanted: Wanted, { own, packaged }: UnitFolders): ReadonlyMap<string, string> => {
  const files = new Map<string, string>();
  for (const unit of UNITS) {
    const shipped = `${dirname(wanted.program)}/../resources/units/${unit}`;
    if (!existsSync(`${packaged}/${unit}`)) files.set(`${own}/${unit}`, OURS + readFileSync(shipped, 'utf8'));
    files.set(`${own}/${unit}.d/${DROP_IN}`, OURS + DROP_INS[unit](wanted));
  }
  return files;
};

/** A unit of this name that somebody else has made: it is theirs. */
export class ForeignUnit extends Error {}

const isOurs = (path: string): boolean => textOf(path)?.startsWith(OURS) ?? false;

const refuseForeign = ({ own }: UnitFolders): void => {
  const foreign = UNITS.map((unit) => `${own}/${unit}`).find((path) => existsSync(path) && !isOurs(path));
  if (foreign !== undefined)
    throw new ForeignUnit(
      `${foreign} was not made by phoenix schedule; disable it and move it away, and what it did into the section schedule of the manifest`,
    );
};

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  inParent(path, (directory, name) => {
    replaceFileBesideOthers(directory, name, Buffer.from(text), { mode: 0o644, uid: 0, gid: 0 });
  });
};

/** A copy that an archive has lent gives way to the package's own unit. */
export const writeUnits = (wanted: Wanted, folders: UnitFolders = UNIT_FOLDERS): void => {
  refuseForeign(folders);
  const files = filesOf(wanted, folders);
  for (const unit of UNITS) {
    const path = `${folders.own}/${unit}`;
    if (!files.has(path)) rmSync(path, { force: true });
  }
  for (const [path, text] of files) write(path, text);
};

/** What the operator has put beside it stays. */
export const removeUnits = ({ own }: UnitFolders = UNIT_FOLDERS): void => {
  for (const unit of UNITS) {
    const folder = `${own}/${unit}.d`;
    rmSync(`${folder}/${DROP_IN}`, { force: true });
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
    if (isOurs(`${own}/${unit}`)) rmSync(`${own}/${unit}`);
  }
};

/** Whether what is set up is what the manifest says. */
export const isAsWanted = (wanted: Wanted, folders: UnitFolders = UNIT_FOLDERS): boolean =>
  [...filesOf(wanted, folders)].every(([path, text]) => textOf(path) === text);
