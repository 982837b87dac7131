/** The tree of a pool as zpool-status(8), zpool-import(8) and `zpool create -n` print it below `config:`. */

/** A disk of a pool. */
export interface PoolLeaf {
  /** As printed: a path, a short name, or the guid of one that is missing. */
  readonly path: string;
  /** ONLINE, DEGRADED, FAULTED, OFFLINE, UNAVAIL, REMOVED, AVAIL, INUSE; empty where none is printed. */
  readonly state: string;
  /** The last known path of one that is missing. */
  readonly was?: string;
  /** Those that stand in for each other while one replaces the other, or a spare has stepped in. */
  readonly alternatives?: readonly PoolLeaf[];
}

/** A top-level vdev; one of type `disk` has a single leaf. */
export interface PoolVdev {
  /** disk, mirror, raidz1…3, draid1:2d:4c:1s (data, children, spares), indirect. */
  readonly type: string;
  readonly state: string;
  readonly leaves: readonly PoolLeaf[];
}

/** The allocation classes of zpoolconcepts(7), each in the order in which it is printed. */
export interface PoolConfig {
  readonly data: readonly PoolVdev[];
  readonly special: readonly PoolVdev[];
  readonly dedup: readonly PoolVdev[];
  readonly log: readonly PoolVdev[];
  readonly cache: readonly PoolLeaf[];
  readonly spares: readonly PoolLeaf[];
}

interface Line {
  readonly depth: number;
  readonly name: string;
  readonly state: string;
  readonly note: string;
}

interface Node extends Line {
  readonly children: Node[];
}

/** As printed in the first column; none of them can be the name of a pool. */
const CLASSES: Readonly<Record<string, keyof PoolConfig>> = {
  logs: 'log',
  cache: 'cache',
  spares: 'spares',
  special: 'special',
  dedup: 'dedup',
};
const GROUP = /^(mirror|raidz[123]|draid[123](?::\w+)*|replacing|spare|indirect)-\d+$/;
/** `create -n` prints no numbers. */
const GROUP_PLANNED = /^(mirror|raidz[123]?|draid[123]?(?::\w+)*)$/;
/** A spare that is part of a draid vdev, not a disk. */
const DISTRIBUTED_SPARE = /^draid[123]-\d+-\d+$/;

const lineOf = (text: string): Line => {
  const [, indent = '', rest = ''] = /^\t( *)(.*)$/.exec(text) ?? [];
  const [name = '', state = '', ...more] = rest.trim().split(/\s+/);
  return { depth: indent.length / 2, name, state, note: more.join(' ') };
};

/** Children follow their parent, two blanks further in. */
const nodesOf = (lines: readonly string[]): Node[] => {
  const roots: Node[] = [];
  const open: Node[] = [];
  for (const text of lines) {
    const node: Node = { ...lineOf(text), children: [] };
    open.length = Math.min(open.length, Math.floor(node.depth));
    (open.at(-1)?.children ?? roots).push(node);
    open.push(node);
  }
  return roots;
};

const groupOf = ({ name, children }: Node): string | undefined =>
  GROUP.exec(name)?.[1] ?? (children.length > 0 ? GROUP_PLANNED.exec(name)?.[1] : undefined);

const leafOf = (node: Node): PoolLeaf => {
  const alternatives = node.children.map(leafOf);
  const was = /\bwas (\/\S+)/.exec(node.note)?.[1];
  return {
    path: node.name,
    state: node.state,
    ...(was === undefined ? {} : { was }),
    ...(alternatives.length === 0 ? {} : { alternatives }),
  };
};

const vdevOf = (node: Node): PoolVdev => {
  const group = groupOf(node);
  return group === undefined || group === 'replacing' || group === 'spare'
    ? { type: 'disk', state: node.state, leaves: [leafOf(node)] }
    : { type: group, state: node.state, leaves: node.children.map(leafOf) };
};

/** What a removed vdev leaves behind holds no data: zpool-remove(8). */
const isReal = ({ type }: PoolVdev): boolean => type !== 'indirect';
const isDisk = ({ path }: PoolLeaf): boolean => !DISTRIBUTED_SPARE.test(path);

/** From the lines of a config section; blank lines and the heading are passed over. */
export const parseConfig = (lines: readonly string[]): PoolConfig => {
  const [pool, ...rest] = nodesOf(lines.filter((line) => line.startsWith('\t') && !/^\tNAME\s/.test(line)));
  if (pool === undefined) throw new Error('zpool: a pool without a configuration');
  const byClass = new Map(rest.map((node) => [CLASSES[node.name], node.children]));
  if (byClass.has(undefined))
    throw new Error(`zpool: not a class of vdevs: ${rest.map(({ name }) => name).join(', ')}`);
  const vdevs = (name: keyof PoolConfig): PoolVdev[] => (byClass.get(name) ?? []).map(vdevOf).filter(isReal);
  const leaves = (name: keyof PoolConfig): PoolLeaf[] => (byClass.get(name) ?? []).map(leafOf).filter(isDisk);
  return {
    data: pool.children.map(vdevOf).filter(isReal),
    special: vdevs('special'),
    dedup: vdevs('dedup'),
    log: vdevs('log'),
    cache: leaves('cache'),
    spares: leaves('spares'),
  };
};

const withAlternatives = (leaf: PoolLeaf): PoolLeaf[] =>
  leaf.alternatives === undefined ? [leaf] : leaf.alternatives.flatMap(withAlternatives);

/** Every disk of a pool, whatever it does there. */
export const leavesOf = ({ data, special, dedup, log, cache, spares }: PoolConfig): PoolLeaf[] => [
  ...[...data, ...special, ...dedup, ...log].flatMap(({ leaves }) => leaves.flatMap(withAlternatives)),
  ...cache,
  ...spares,
];
