import type { Action, Change, Finding, Risk, Undo } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { normalClient } from '../../facts/nfs-client.ts';
import { OUR_FILE, renderLine } from './exports-file.ts';
import { isTold } from './ground.ts';
import { normalOptions, renderOptions, type Options } from './options.ts';
import type { Actual, Client } from './read.ts';
import type { Desired, ExportOp, Written } from './schema.ts';
import { warningsOf } from './warnings.ts';

type Table = ReadonlyMap<string, Options>;

/** By the one name that each client has. */
const tableOf = (clients: readonly Client[]): Table =>
  new Map(clients.map(({ host, options }) => [normalClient(host), normalOptions(options)]));

interface Want extends Written {
  readonly normal: Options;
  /** Names under which the server's table may have it. */
  readonly names: readonly string[];
}

const wantedClients = (want: Desired, canonical: Actual['canonical']): Want[] =>
  want.clients.map(({ host, options }) => {
    const normal = normalOptions([...options, ...(isTold(want) ? ['mountpoint'] : [])]);
    const other = canonical[host];
    const names = [normalClient(host), ...(other === undefined ? [] : [normalClient(other)])];
    return { host, options: renderOptions(normal), normal, names };
  });

const valueIn = (options: Options, property: string): string => options[property] ?? '';

const optionChanges = (host: string, from: Options, to: Options): Change[] =>
  Object.keys({ ...from, ...to })
    .map((property) => ({
      path: `${host} ${property}`,
      from: valueIn(from, property),
      to: valueIn(to, property),
    }))
    .filter((change) => change.from !== change.to);

/** What clients see: who is in the server's table, and how. */
const liveChanges = (wanted: readonly Want[], offered: Table): Change[] =>
  wanted.flatMap(({ host, options, normal, names }) => {
    const found = names.map((name) => offered.get(name)).find((options) => options !== undefined);
    return found === undefined
      ? [{ path: host, from: null, to: options }]
      : optionChanges(host, found, normal);
  });

/** Clients of the path that the manifest does not have: of an older line, or made by hand. */
const superfluous = (wanted: readonly Want[], offered: readonly Client[]): Client[] => {
  const names = new Set(wanted.flatMap((one) => one.names));
  return offered.filter(({ host }) => !names.has(normalClient(host)));
};

const isSameLine = (wanted: readonly Want[], line: Actual['line']): boolean => {
  if (line === undefined) return false;
  const found = tableOf(line.clients);
  return (
    line.clients.length === wanted.length &&
    wanted.every(({ host, normal }) => {
      const options = found.get(normalClient(host));
      return options !== undefined && optionChanges(host, options, normal).length === 0;
    })
  );
};

const lost = (clients: readonly Client[]): Change[] =>
  clients.map(({ host, options }) => ({ path: host, from: renderOptions(normalOptions(options)), to: null }));

const hostsOf = (clients: readonly { readonly host: string }[]): string[] => clients.map(({ host }) => host);

const heldBy = (holders: readonly string[]): string =>
  holders.length === 0
    ? ''
    : `; it may be in use by ${holders.join(', ')}, whose files there become stale at once`;

/** The line as it was; what stands there in no form that we could write is only in the backup. */
const undoOf = (want: Desired, found: Actual, added: readonly string[]): Undo<ExportOp> => {
  const { line } = found;
  if (line === undefined) return { by: { op: 'unexport', path: want.path, drop: [...added] } };
  const clients = line.clients.map(({ host, options }) => ({
    host,
    options: renderOptions(normalOptions(options)),
  }));
  const kept = new Set(clients.map(({ host }) => normalClient(host)));
  const drop = added.filter((host) => !kept.has(normalClient(host)));
  return { by: { op: 'export', path: want.path, clients, drop, mountpoint: false } };
};

/**
 * Who gains access is not disturbed; whose options change, or who loses it, is. What our file has counts as offered: ZFS
 * and packages run `exportfs -ra` at any time, and may before this is done.
 */
const riskOf = (wanted: readonly Want[], { offered, line }: Actual): Risk => {
  const disturbs = (clients: readonly Client[]): boolean =>
    superfluous(wanted, clients).length > 0 ||
    liveChanges(wanted, tableOf(clients)).some(({ from }) => from !== null);
  return disturbs(offered) || disturbs(line?.clients ?? []) ? 'disruptive' : 'safe';
};

const describe = (want: Desired, wanted: readonly Want[], found: Actual, drop: readonly Client[]): string => {
  const list = wanted.map(({ host, options }) => `${host} (${options})`).join(', ');
  const once = found.ground.is === 'nothing' ? ', once the directory is there' : '';
  const away = drop.length === 0 ? '' : `; no more to ${hostsOf(drop).join(', ')}${heldBy(found.holders)}`;
  return `export ${want.path} to ${list}${once}${away}${warningsOf(wanted)}`;
};

const fileChange = (want: Desired, wanted: readonly Written[], found: Actual): Change[] => [
  {
    path: OUR_FILE,
    from: found.line === undefined ? '' : `${found.line.text}\n`,
    to: `${renderLine(want.path, wanted)}\n`,
    as: 'text',
  },
];

const diffPresent = (want: Desired, found: Actual): Finding<ExportOp>[] => {
  const wanted = wantedClients(want, found.canonical);
  const live = liveChanges(wanted, tableOf(found.offered));
  const drop = superfluous(wanted, found.offered);
  const sameLine = isSameLine(wanted, found.line);
  if (sameLine && live.length === 0 && drop.length === 0) return [];
  const clients = wanted.map(({ host, options }) => ({ host, options }));
  const added = live.filter(({ from }) => from === null).map(({ path }) => path);
  const action: Action<ExportOp> = {
    does: {
      op: 'export',
      path: want.path,
      clients,
      drop: hostsOf(drop),
      ...(want.dataset === undefined ? {} : { dataset: want.dataset }),
      mountpoint: want.mountpoint,
    },
    description: describe(want, wanted, found, drop),
    risk: riskOf(wanted, found),
    changes: [...live, ...lost(drop), ...(sameLine ? [] : fileChange(want, clients, found))],
    undo: undoOf(want, found, added),
  };
  return [action];
};

const diffAbsent = (want: Desired, found: Actual): Finding<ExportOp>[] => {
  const { line, offered, holders } = found;
  if (line === undefined && offered.length === 0) return [];
  return [
    {
      does: { op: 'unexport', path: want.path, drop: hostsOf(offered) },
      description: `no longer export ${want.path}${heldBy(holders)}`,
      risk: 'disruptive',
      changes: [
        ...lost(offered),
        ...(line === undefined
          ? []
          : [{ path: OUR_FILE, from: `${line.text}\n`, to: '', as: 'text' as const }]),
      ],
      undo:
        line === undefined
          ? { none: 'it was exported by hand: no file has its line' }
          : undoOf(want, found, []),
    },
  ];
};

const refuse = (refuses: string, path: string, from: unknown, to: unknown): Finding<ExportOp> => ({
  refuses,
  changes: [{ path, from, to }],
});

/** Two lines for one path give one client two sets of options, of which one wins by chance. */
const refuseForeign = (want: Desired, foreign: readonly string[]): Finding<ExportOp> =>
  refuse(
    `${want.path} is exported by ${foreign.join(' and ')} too; remove that line, or leave the path out of the manifest`,
    'exported by',
    foreign,
    OUR_FILE,
  );

const NOTHING: Actual = {
  ground: { is: 'nothing' },
  offered: [],
  canonical: {},
  foreign: [],
  holders: [],
};

export const diff = (want: Desired, actual: Known<Actual>): readonly Finding<ExportOp>[] => {
  const found = actual.is === 'present' ? actual.value : NOTHING;
  if (found.foreign.length > 0) return [refuseForeign(want, found.foreign)];
  if (want.ensure === 'absent') return diffAbsent(want, found);
  if (found.ground.is === 'wrong')
    return [refuse(found.ground.reason, 'directory', 'not as meant', want.dataset ?? want.path)];
  return diffPresent(want, found);
};
