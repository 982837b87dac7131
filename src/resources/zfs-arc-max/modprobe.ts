/** Options of the module zfs as modprobe puts them together (modprobe.d(5), kmod 30 and 34). */
import type { HostReader } from '../../host/host.ts';
import type { Assigned } from './schema.ts';

export const FOLDER = '/etc/modprobe.d';
export const OWN = 'phoenix-zfs.conf';

export const PARAMETERS = { max: 'zfs_arc_max', min: 'zfs_arc_min' } as const;
export type Limit = keyof typeof PARAMETERS;
export const LIMITS = ['max', 'min'] as const;

/** Of two files with one name the one in the first directory counts. */
const DIRECTORIES = [FOLDER, '/run/modprobe.d', '/usr/local/lib/modprobe.d', '/usr/lib/modprobe.d'];

export interface ConfigFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly isLink: boolean;
}

const readOne = (host: HostReader, name: string, path: string): ConfigFile => {
  const info = host.lstat(path);
  if (info?.type !== 'symlink')
    return { name, path, text: host.readFile(path)?.toString() ?? '', isLink: false };
  // a link to /dev/null masks the file of that name
  if (info.target === '/dev/null') return { name, path, text: '', isLink: true };
  throw new Error(`${path}: a symlink to ${info.target ?? ''}; put a file in its place to have it managed`);
};

/** By name, in the order of modprobe. */
export const configFiles = (host: HostReader): ConfigFile[] => {
  const found = new Map<string, string>();
  for (const directory of DIRECTORIES)
    for (const name of host.readDirectory(directory) ?? [])
      if (name.endsWith('.conf') && !found.has(name)) found.set(name, `${directory}/${name}`);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, path]) => readOne(host, name, path));
};

/** Lines that a backslash continues are one. */
const STATEMENT = /(?:[^\\\n]|\\[\s\S])*(?:\n|$)/g;
const OPTIONS_OF_ZFS = /^\s*options\s+zfs(?=\s)/;

const isOptions = (statement: string): boolean => OPTIONS_OF_ZFS.test(statement.replace(/\\\n/g, ' '));

const assignmentOf = (limit: Limit): RegExp =>
  new RegExp(`(?<=[\\s"])${PARAMETERS[limit]}=([^\\s"\\\\]*)`, 'g');

/** The values that a text gives a limit, in order: the last one counts. */
export const valuesIn = (text: string, limit: Limit): string[] =>
  (text.match(STATEMENT) ?? [])
    .filter(isOptions)
    .flatMap((statement) => [...statement.matchAll(assignmentOf(limit))].map(([, value]) => value ?? ''));

/** The text with every assignment of the limit changed, and every other byte as it was. */
export const withValue = (text: string, limit: Limit, value: number): string =>
  text.replace(STATEMENT, (statement) =>
    isOptions(statement)
      ? statement.replace(assignmentOf(limit), `${PARAMETERS[limit]}=${value}`)
      : statement,
  );

/** The kernel's command line comes after all files: `zfs.zfs_arc_max=…`. */
const onCommandLine = (text: string, limit: Limit): Assigned | undefined => {
  const prefix = `zfs.${PARAMETERS[limit]}=`;
  const word = text.split(/\s+/).findLast((one) => one.startsWith(prefix));
  return word === undefined ? undefined : { value: word.slice(prefix.length), file: '/proc/cmdline' };
};

/** What the next load of the module gets. */
export const assigned = (
  files: readonly ConfigFile[],
  cmdline: string,
  limit: Limit,
): Assigned | undefined => {
  const last = onCommandLine(cmdline, limit);
  if (last !== undefined) return last;
  const file = files.findLast(({ text }) => valuesIn(text, limit).length > 0);
  return file && { value: valuesIn(file.text, limit).at(-1) ?? '', file: file.path };
};

/** As the kernel reads a number: decimal, or hexadecimal behind 0x. Undefined if it would refuse it. */
export const numberOf = (value: string): number | undefined =>
  /^(?:0x[0-9a-f]+|0|[1-9]\d*)$/i.test(value) ? Number(value) : undefined;
