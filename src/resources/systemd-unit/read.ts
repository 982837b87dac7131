import { createHash } from 'node:crypto';
import { absent, present, readEach, type Reading } from '../../engine/reading.ts';
import type { FileInfo, HostReader } from '../../host/host.ts';
import { unitStates, type UnitState } from './facts.ts';
import { dropinOf, filesOf, FOLDER, isOurs } from './files.ts';
import { isTemplate, type Desired, type Kept } from './schema.ts';

/** What stands in the place of one of our files. */
export interface OnDisk {
  readonly type: FileInfo['type'];
  readonly target?: string;
  /** Has the wanted bytes, and is root's with mode 0644. */
  readonly same?: true;
  readonly ours?: boolean;
  readonly text?: string;
  readonly kept?: Kept;
}

export interface Actual {
  /** Wanted ones, ours that are not wanted, and the unit file. */
  readonly files: Readonly<Record<string, OnDisk>>;
  /** Not of a template, which is never loaded. */
  readonly state?: UnitState;
}

const readOnDisk = (host: HostReader, unit: string, file: string, wanted?: string): OnDisk | undefined => {
  const path = `${FOLDER}/${file}`;
  const info = host.lstat(path);
  if (info === undefined) return undefined;
  const { type, target, mode, uid, gid } = info;
  if (type !== 'file') return target === undefined ? { type } : { type, target };
  const bytes = host.readFile(path) ?? Buffer.alloc(0);
  const text = bytes.toString();
  if (text === wanted && mode === 0o644 && uid === 0 && gid === 0) return { type, same: true };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { type, ours: isOurs(unit, text), text, kept: { sha256, mode, uid, gid } };
};

/** Drop-ins of others are not ours to look at. */
const readFiles = (host: HostReader, want: Desired): Actual['files'] => {
  const wanted = want.ensure === 'present' ? filesOf(want) : {};
  const folder = `${FOLDER}/${want.name}.d`;
  // Most units have none, and asking is several times cheaper than failing to list it.
  const dropins = (host.lstat(folder) === undefined ? [] : (host.readDirectory(folder) ?? []))
    .filter((name) => name.endsWith('.conf'))
    .map((name) => dropinOf(want.name, name));
  const files: Record<string, OnDisk> = {};
  for (const file of [want.name, ...dropins]) {
    const found = readOnDisk(host, want.name, file, wanted[file]);
    if (found && (found.ours || file === want.name || file in wanted)) files[file] = found;
  }
  return files;
};

const readOne = (
  host: HostReader,
  want: Desired,
  states: ReadonlyMap<string, UnitState> | undefined,
): Reading<Actual> => {
  const files = readFiles(host, want);
  const state = states?.get(want.name);
  if (states !== undefined && state === undefined && !isTemplate(want.name))
    throw new Error(`systemctl show did not print ${want.name}`);
  if (Object.keys(files).length === 0 && (state === undefined || state.load === 'not-found')) return absent;
  return present<Actual>({ files, ...(state && { state }) });
};

export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  // One name that is no unit, as a template's is not, would fail the whole command.
  const units = all.map(({ name }) => name).filter((name) => !isTemplate(name));
  const states = units.length === 0 ? undefined : await host.fact(unitStates(units));
  return readEach(
    all,
    ({ name }) => name,
    (want) => readOne(host, want, states),
  );
};
