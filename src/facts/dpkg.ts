import type { CommandFact } from '../host/host.ts';

/** A configuration file as its package shipped it (deb-conffiles(5)). */
export interface Conffile {
  readonly path: string;
  /** Of the content as shipped; undefined while the package is being unpacked. */
  readonly md5?: string;
}

/** One entry of dpkg's status database. */
export interface DpkgPackage {
  readonly name: string;
  readonly version: string;
  readonly held: boolean;
  /**
   * `unconfigured`: unpacked, half-configured or waiting for triggers, which `dpkg --configure` completes.
   * `broken`: half-installed or in need of a reinstallation. `config-files`: removed, not purged.
   */
  readonly state: 'installed' | 'unconfigured' | 'broken' | 'config-files' | 'not-installed';
  /** As dpkg lists them, one a line; `conffilesOf` takes them apart, for the few packages where they matter. */
  readonly conffileLines: readonly string[];
}

const FORMAT = '${Package}\\t${Architecture}\\t${db:Status-Abbrev}\\t${Version}\\t${Conffiles}\\n';

/** The second letter of dpkg's abbreviation (dpkg-query(1)). */
const STATES: Readonly<Record<string, DpkgPackage['state']>> = {
  n: 'not-installed',
  c: 'config-files',
  H: 'broken',
  U: 'unconfigured',
  F: 'unconfigured',
  W: 'unconfigured',
  t: 'unconfigured',
  i: 'installed',
};

const stateOf = (abbreviation: string): DpkgPackage['state'] => {
  const state = STATES[abbreviation.charAt(1)];
  if (state === undefined) throw new Error(`dpkg-query: unknown package state "${abbreviation}"`);
  return abbreviation.charAt(2) === 'R' ? 'broken' : state;
};

interface Entry extends DpkgPackage {
  readonly architecture: string;
  readonly conffileLines: string[];
}

const parsePackage = (line: string): Entry => {
  const [name, architecture, abbreviation, version, conffile, ...rest] = line.split('\t');
  if (!name || architecture === undefined || !abbreviation || version === undefined || rest.length > 0)
    throw new Error(`dpkg-query: not the line that was asked for: "${line}"`);
  return {
    name,
    architecture,
    version,
    held: abbreviation.startsWith('h'),
    state: stateOf(abbreviation),
    conffileLines: conffile ? [conffile] : [],
  };
};

/** The first conffile stands at the end of its package's line, the others on lines of their own, indented. */
const parseEntries = (stdout: string): Entry[] => {
  const entries: Entry[] = [];
  for (const line of stdout.split('\n')) {
    if (line.startsWith(' ')) entries.at(-1)?.conffileLines.push(line);
    else if (line !== '') entries.push(parsePackage(line));
  }
  return entries;
};

/** dpkg is always of the native architecture; its packages go by their bare name, foreign ones by `name:arch`. */
const byName = (entries: readonly Entry[]): ReadonlyMap<string, DpkgPackage> => {
  const native = entries.find(({ name }) => name === 'dpkg')?.architecture;
  const isNative = ({ architecture }: Entry) =>
    native === undefined || architecture === native || architecture === 'all' || architecture === '';
  const packages = new Map<string, DpkgPackage>();
  for (const entry of entries)
    packages.set(isNative(entry) ? entry.name : `${entry.name}:${entry.architecture}`, entry);
  return packages;
};

/** Every package that dpkg knows, by name. Undefined where there is no dpkg. */
export const dpkgPackages: CommandFact<ReadonlyMap<string, DpkgPackage> | undefined> = {
  name: 'dpkg',
  command: {
    program: 'dpkg-query',
    args: ['--show', `--showformat=${FORMAT}`],
    maxOutput: 16 * 1024 * 1024,
  },
  absent: undefined,
  parse: (stdout) => byName(parseEntries(stdout)),
};

const CONFFILE = /^ (.+?) ([0-9a-f]{32}|newconffile)(?: obsolete)?(?: remove-on-upgrade)?$/;

const parseConffile = (line: string): Conffile => {
  const [, path, md5] = CONFFILE.exec(line) ?? [];
  if (path === undefined || md5 === undefined) throw new Error(`dpkg-query: not a conffile line: "${line}"`);
  return md5 === 'newconffile' ? { path } : { path, md5 };
};

export const conffilesOf = (known: DpkgPackage): Conffile[] => known.conffileLines.map(parseConffile);
