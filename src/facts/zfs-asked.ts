/** Datasets with those properties alone that somebody asks for: some cost more than all the others together. */
import type { CommandFact, HostReader } from '../host/host.ts';
import { allProperties, parseDatasets, zfsGet, type Datasets } from './zfs-list.ts';
import { PROPERTIES } from './zfs-properties.ts';

/** What declarations of a dataset may name, of whatever kind. */
export interface Naming {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly inherit: readonly string[];
}

/**
 * Each is read by a call into the kernel that opens the dataset: with them, 250 datasets took four times as long. Only
 * creation can set them, so they are asked for where one is declared.
 */
const DEAR: ReadonlySet<string> = new Set(['casesensitivity', 'normalization', 'utf8only']);

/** The same for all kinds, so that they share one process. */
const ALWAYS: readonly string[] = [
  ...['type', 'used', 'available', 'referenced', 'mounted', 'keystatus', 'encryptionroot', 'volsize'],
  ...Object.keys(PROPERTIES).filter((name) => !DEAR.has(name)),
];

const isOfUser = (name: string): boolean => name.includes(':');

const named = (all: readonly Naming[]): string[] =>
  all
    .flatMap(({ properties, inherit }) => [...Object.keys(properties), ...inherit])
    .filter((name) => DEAR.has(name) || isOfUser(name));

/** zfs(8) of another version than the module: it knows what it prints, and is asked for everything. */
const NOT_UNDERSTOOD = 2;

/** Undefined: zfs does not know one of the properties, and has told nothing. */
const datasetsWith = (names: readonly string[]): CommandFact<Datasets | undefined> => ({
  name: `zfs-datasets ${names.join(' ')}`,
  command: { ...zfsGet(names.join(',')), okCodes: [0, NOT_UNDERSTOOD] },
  absent: new Map(),
  parse: (stdout, { code }) => (code === NOT_UNDERSTOOD ? undefined : parseDatasets(stdout)),
});

/** The properties that the module in the kernel has. */
const KNOWN = '/sys/module/zfs/properties.dataset';

/**
 * Every filesystem and volume, with what these declarations name and with all that is cheap. None where ZFS is not
 * installed. A module that cannot be loaded is an error, and so unknown.
 */
export const datasetsFor = async (host: HostReader, all: readonly Naming[]): Promise<Datasets> => {
  const known = host.readDirectory(KNOWN);
  if (known === undefined) return await host.fact(allProperties);
  const has = new Set(known);
  const names = [...new Set([...ALWAYS, ...named(all)])].filter((name) => isOfUser(name) || has.has(name));
  return (await host.fact(datasetsWith(names))) ?? (await host.fact(allProperties));
};
