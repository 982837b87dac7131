/** What zfs(8) and zpool(8) tell of all datasets: one process each, whatever their number. */
import type { CommandFact, FileFact } from '../host/host.ts';
import { parseSize } from './zfs-sizes.ts';

/** One property of a dataset. */
export interface Setting {
  readonly value: string;
  /** `none` for what cannot be set; `temporary` is a mount option that hides the value. */
  readonly source: 'local' | 'default' | 'inherited' | 'received' | 'temporary' | 'none';
}

export type Settings = Readonly<Record<string, Setting>>;

/** A number of bytes among the settings; 0 where there is none. */
export const bytesIn = (settings: Settings, property: string): bigint =>
  parseSize(settings[property]?.value ?? '') ?? 0n;

/** Every filesystem and volume, by name, with its properties. */
export type Datasets = ReadonlyMap<string, Settings>;

const SOURCES: Readonly<Record<string, Setting['source']>> = {
  local: 'local',
  default: 'default',
  received: 'received',
  temporary: 'temporary',
  '-': 'none',
};

const sourceOf = (text: string): Setting['source'] | undefined =>
  text.startsWith('inherited from ') ? 'inherited' : SOURCES[text];

const FIELDS = 4;

interface Row {
  readonly name: string;
  readonly property: string;
  readonly setting: Setting;
}

const rowOf = (text: string): Row | undefined => {
  const [name = '', property = '', ...rest] = text.split('\t');
  const source = sourceOf(rest.at(-1) ?? '');
  return rest.length + 2 < FIELDS || source === undefined
    ? undefined
    : { name, property, setting: { value: rest.slice(0, -1).join('\t'), source } };
};

/** A user property may hold tabs and newlines: a row ends with its source, and may go on in the next lines until then. */
const rowsOf = (stdout: string): Row[] => {
  const rows: Row[] = [];
  let open: string | undefined;
  for (const line of stdout.split('\n')) {
    const text = open === undefined ? line : `${open}\n${line}`;
    const row = rowOf(text);
    open = row === undefined ? text : undefined;
    if (row !== undefined) rows.push(row);
  }
  if (open !== undefined && open !== '')
    throw new Error(`zfs get: not the line that was asked for: "${open.slice(0, 200)}"`);
  return rows;
};

/** What was asked for by its name and is not there, or is none of this type's. */
const isMissing = ({ value, source }: Setting): boolean => value === '-' && source === 'none';

const withoutMissing = (settings: Settings): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([, setting]) => !isMissing(setting)));

/**
 * Whoever may set a user property could write lines of his own into it. He cannot take away the true one, so a
 * property that is there twice gives him away: also one of which the true line says that it is not there.
 */
export const parseDatasets = (stdout: string): Datasets => {
  const datasets = new Map<string, Record<string, Setting>>();
  for (const { name, property, setting } of rowsOf(stdout)) {
    const settings = datasets.get(name) ?? {};
    if (Object.hasOwn(settings, property)) throw new Error(`zfs get: ${name} has two values of ${property}`);
    settings[property] = setting;
    datasets.set(name, settings);
  }
  for (const [name, settings] of datasets)
    if (settings['type'] === undefined) throw new Error(`zfs get: ${name} has no type`);
  return new Map([...datasets].map(([name, settings]) => [name, withoutMissing(settings)]));
};

/**
 * Not the column `received`: it costs one more call into the kernel for each property of each dataset that was never
 * received, a hundred times the rest; that the value that counts was received is told by its source.
 */
export const zfsGet = (properties: string): CommandFact<Datasets>['command'] => ({
  program: 'zfs',
  args: ['get', '-Hp', '-t', 'filesystem,volume', '-o', 'name,property,value,source', properties],
  // 10,000 datasets with 75 properties of 50 bytes.
  maxOutput: 64 * 1024 * 1024,
  // Ten minutes: thousands of datasets on a busy host take more than two.
  timeout: 600_000,
});

/** Also what is not declared, for a manifest that is to be made of it. It takes its time: see zfs-asked.ts. */
export const allProperties: CommandFact<Datasets> = {
  name: 'zfs-datasets',
  command: zfsGet('all'),
  absent: new Map(),
  parse: parseDatasets,
};

/** Pools that were imported with an alternate root directory (zpoolprops(7)), by name. */
export const altroots: CommandFact<ReadonlyMap<string, string>> = {
  name: 'zpool-altroots',
  command: { program: 'zpool', args: ['list', '-Hp', '-o', 'name,altroot'] },
  absent: new Map(),
  parse: (stdout) =>
    new Map(
      stdout
        .split('\n')
        .map((line) => line.split('\t'))
        .filter((fields): fields is [string, string] => fields.length === 2 && fields[1] !== '-'),
    ),
};

/** Snapshots of these datasets themselves, in one process. The datasets must exist. */
export const snapshotsOf = (names: readonly string[]): CommandFact<readonly string[]> => ({
  name: `zfs-snapshots ${names.join(' ')}`,
  command: {
    program: 'zfs',
    args: ['list', '-H', '-o', 'name', '-t', 'snapshot', '-d', '1', '--', ...names],
    maxOutput: 64 * 1024 * 1024,
  },
  absent: [],
  parse: (stdout) => stdout.split('\n').filter((line) => line !== ''),
});

/** Of the module in the kernel, such as 2.3: it decides what a value means. Undefined while it is not loaded. */
export const zfsRelease: FileFact<string | undefined> = {
  name: 'zfs-release',
  path: '/sys/module/zfs/version',
  absent: undefined,
  parse: (content) => {
    const release = /^\d+\.\d+/.exec(content)?.[0];
    if (release === undefined) throw new Error(`/sys/module/zfs/version: not a version: "${content.trim()}"`);
    return release;
  },
};
