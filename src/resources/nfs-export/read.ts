import { isHostName, normalClient } from '../../facts/nfs-client.ts';
import { etab, type Offered } from '../../facts/nfs-exports.ts';
import { mountAt, mountTable, type Mount } from '../../facts/mount-table.ts';
import { present, readEach, reasonOf, type Reading } from '../../engine/reading.ts';
import type { HostReader } from '../../host/host.ts';
import { OUR_FILE, parseExports, type Entry } from './exports-file.ts';
import { canonicalNames, zfsFilesystems, type ZfsFilesystem } from './facts.ts';
import { groundOf, isTold, type Ground } from './ground.ts';
import { holdersOf } from './holders.ts';
import type { Desired } from './schema.ts';

export interface Client {
  readonly host: string;
  readonly options: readonly string[];
}

export interface Actual {
  readonly ground: Ground;
  /** Our line for the path. */
  readonly line?: { readonly text: string; readonly clients: readonly Client[] };
  /** What the server's table has for the path. A host name is there as the resolver gave it. */
  readonly offered: readonly Client[];
  /** Canonical names of declared hosts, where they are others. */
  readonly canonical: Readonly<Record<string, string>>;
  /** Lines of others for the same path. */
  readonly foreign: readonly string[];
  /** Clients that may hold it; only looked for where a client would lose it. */
  readonly holders: readonly string[];
}

interface Facts {
  readonly files: ReadonlyMap<string, readonly Entry[]>;
  readonly offered: readonly Offered[];
  readonly mounts: readonly Mount[];
  readonly filesystems: readonly ZfsFilesystem[];
  readonly canonical: ReadonlyMap<string, string> | { readonly unknown: string };
}

const FOLDER = '/etc/exports.d';

/** In the order in which exportfs(8) reads them. */
const readFiles = (host: HostReader): ReadonlyMap<string, readonly Entry[]> => {
  const names = (host.readDirectory(FOLDER) ?? []).filter(
    (name) => name.endsWith('.exports') && !name.startsWith('.'),
  );
  const files = new Map<string, readonly Entry[]>();
  for (const path of ['/etc/exports', ...names.map((name) => `${FOLDER}/${name}`)]) {
    const content = host.readFile(path);
    if (content !== undefined) files.set(path, parseExports(content.toString()));
  }
  return files;
};

/** Declared host names that the table does not have as they are declared: they may be aliases. */
const namesToResolve = (all: readonly Desired[], offered: readonly Offered[]): string[] => {
  const known = new Set(offered.map(({ path, client }) => `${client.toLowerCase()} ${path}`));
  const names = all.flatMap(({ path, clients }) =>
    clients
      .filter(({ host }) => isHostName(host) && !known.has(`${host.toLowerCase()} ${path}`))
      .map(({ host }) => host.toLowerCase()),
  );
  return offered.length === 0 ? [] : [...new Set(names)].sort();
};

const resolveNames = async (host: HostReader, names: readonly string[]): Promise<Facts['canonical']> => {
  try {
    return names.length === 0 ? new Map() : await host.fact(canonicalNames(names));
  } catch (error) {
    return { unknown: reasonOf(error) };
  }
};

const canonicalOf = ({ clients }: Desired, names: Facts['canonical']): Record<string, string> => {
  const hosts = clients.map(({ host }) => host).filter(isHostName);
  if ('unknown' in names) {
    if (hosts.length > 0) throw new Error(names.unknown);
    return {};
  }
  return Object.fromEntries(
    hosts.flatMap((host) => {
      const name = names.get(host.toLowerCase());
      return name === undefined || name === host.toLowerCase() ? [] : [[host, name]];
    }),
  );
};

const mayLose = (want: Desired, offered: readonly Client[]): boolean => {
  const hosts = new Set(want.ensure === 'absent' ? [] : want.clients.map(({ host }) => normalClient(host)));
  return offered.some(({ host }) => !hosts.has(normalClient(host)));
};

const readOne = (host: HostReader, want: Desired, facts: Facts): Reading<Actual> => {
  const { path } = want;
  const offered = facts.offered
    .filter((one) => one.path === path)
    .map(({ client, options }) => ({ host: client, options }));
  const line = facts.files.get(OUR_FILE)?.find((entry) => entry.path === path);
  const foreign = [...facts.files]
    .filter(([file]) => file !== OUR_FILE)
    .flatMap(([file, entries]) =>
      entries.filter((entry) => entry.path === path).map((entry) => `${file}:${entry.line}`),
    );
  const device = mountAt(facts.mounts, path)?.device;
  return present<Actual>({
    ground: groundOf(host, want, facts.mounts, facts.filesystems),
    ...(line === undefined ? {} : { line: { text: line.text, clients: line.clients } }),
    offered,
    canonical: canonicalOf(want, facts.canonical),
    foreign,
    holders: mayLose(want, offered) ? holdersOf(host, path, device) : [],
  });
};

export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const offered = await host.fact(etab);
  const exported = all.filter(({ ensure }) => ensure === 'present');
  const facts: Facts = {
    files: readFiles(host),
    offered,
    mounts: (await host.fact(mountTable)) ?? [],
    filesystems: exported.every(isTold) ? [] : await host.fact(zfsFilesystems),
    canonical: await resolveNames(host, namesToResolve(exported, offered)),
  };
  return readEach(
    all,
    ({ path }) => path,
    (want) => readOne(host, want, facts),
  );
};
