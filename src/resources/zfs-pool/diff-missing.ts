/** A pool that is not imported: imported if it is on disks of this host, made if its disks are empty, else reported. */
import type { Action, Change, Finding, Refusal } from '../../engine/action.ts';
import { asShown, type Actual, type Candidate, type FoundPool } from './actual.ts';
import { compareLayout } from './compare-layout.ts';
import { disksOf, type Desired, type NewVdev, type PoolOp } from './schema.ts';
import { foundText, sizeText, wantedText } from './tree-text.ts';
import { wantedLayout, type WantedLayout } from './wanted.ts';
import { valueOf } from './properties.ts';

/** zpool(8) itself takes disks as of one size up to this difference (ZPOOL_FUZZ in zpool_vdev.c). */
const FUZZ = 16 * 1024 * 1024;
const NEVER = 'phoenix never destroys a pool; `zpool destroy` by hand would';

const about = ({ path, model, serial, size }: Candidate): string =>
  `${path} (${[model?.trim(), serial === null ? null : `serial ${serial.trim()}`, sizeText(size)].filter(Boolean).join(', ')})`;

const barred = (candidates: readonly Candidate[]): Refusal | undefined => {
  const bad = candidates.filter(({ bars }) => bars.length > 0);
  if (bad.length === 0) return undefined;
  return {
    refuses: `${bad.length === 1 ? 'a disk' : 'disks'} cannot be taken for it: ${bad.map(({ path, bars }) => `${path}: ${bars.join('; ')}`).join('. ')}`,
    changes: bad.map((disk) => ({
      path: about(disk),
      from: [...disk.bars, ...disk.sees].join('; '),
      to: 'an empty disk',
    })),
  };
};

/** In a mirror or raidz all disks count as much as the smallest. */
const uneven = (vdevs: readonly NewVdev[], candidates: readonly Candidate[]): Refusal | undefined => {
  for (const { type, disks } of vdevs.filter(({ disks: all }) => all.length > 1)) {
    const sized = candidates.filter(({ path }) => disks.includes(path));
    const sizes = sized.map(({ size }) => size);
    if (Math.max(...sizes) - Math.min(...sizes) > FUZZ)
      return {
        refuses: `the disks of a ${type} differ in size (${sized.map((disk) => about(disk)).join(', ')}): all would count as much as the smallest; name disks of one size`,
        changes: [],
      };
  }
  return undefined;
};

const wipeChange = (disk: Candidate): Change => ({
  path: about(disk),
  from: disk.sees.join('; '),
  to: 'empty',
});

const wipe = ({ name }: Desired, disks: readonly Candidate[]): Action<PoolOp> => ({
  does: {
    op: 'wipe',
    pool: name,
    disks: disks.map(asShown),
  },
  description: `wipe ${disks.length === 1 ? 'a disk' : `${disks.length} disks`} for pool ${name}: what is on ${disks.length === 1 ? 'it' : 'them'} will be lost`,
  risk: 'destructive',
  needs: 'wipe-disks',
  changes: disks.map(wipeChange),
  undo: {
    none: 'the first and last 4 MiB of each disk and partition are kept in /var/lib/phoenix/backups/disks; what the new pool writes between them is lost',
  },
});

const optionsOf = ({ ashift, properties }: Desired): Record<string, string> => ({
  ashift: String(ashift ?? 12),
  ...Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, valueOf(value)])),
});

const plainVdevs = (vdevs: readonly NewVdev[]): NewVdev[] =>
  vdevs.map(({ type, disks }) => ({ type, disks: [...disks] }));

const create = (want: Desired, layout: WantedLayout): Action<PoolOp> => ({
  does: {
    op: 'create',
    pool: want.name,
    properties: optionsOf(want),
    rootProperties: Object.fromEntries(
      Object.entries(want.rootProperties).map(([name, value]) => [name, valueOf(value)]),
    ),
    data: plainVdevs(layout.data),
    special: plainVdevs(layout.special),
    dedup: plainVdevs(layout.dedup),
    log: plainVdevs(layout.log),
    cache: [...layout.cache],
    spares: [...layout.spares],
  },
  description: `create pool ${want.name} on empty disks`,
  risk: 'safe',
  changes: [{ path: 'layout', from: '', to: wantedText(layout), as: 'text' }],
  undo: { none: NEVER },
});

/** Every disk of the manifest; one that nobody looked at may not be taken. */
const looked = (want: Desired, candidates: readonly Candidate[]): Candidate[] =>
  disksOf(want).map(
    (path) =>
      candidates.find((one) => one.path === path) ?? {
        path,
        size: 0,
        serial: null,
        wwn: null,
        model: null,
        sees: [],
        bars: ['it was not looked at'],
      },
  );

export const diffAbsent = (want: Desired, { candidates, places }: Actual): Finding<PoolOp>[] => {
  const layout = wantedLayout(want);
  const disks = looked(want, candidates);
  const refusal =
    barred(disks) ?? uneven([...layout.data, ...layout.special, ...layout.dedup, ...layout.log], disks);
  if (refusal !== undefined) return [refusal];
  const full = disks.filter(({ sees }) => sees.length > 0);
  const parts = full.filter(({ path }) => places[path]?.partition !== undefined);
  if (parts.length > 0) return [fullPartition(parts)];
  return [...(full.length === 0 ? [] : [wipe(want, full)]), create(want, layout)];
};

const fullPartition = (parts: readonly Candidate[]): Refusal => ({
  refuses:
    'a partition that is not empty is never wiped, only whole disks are; clear it by hand if nothing on it is needed',
  changes: parts.map(wipeChange),
});

const foldersOf = (want: Desired): string[] => [
  ...new Set(disksOf(want).map((disk) => disk.slice(0, disk.lastIndexOf('/')))),
];

const notImported = (want: Desired, found: FoundPool, why: string): Refusal => ({
  refuses: `pool ${want.name} (guid ${found.guid}, ${found.state}) is on disks of this host and is not imported: ${why}`,
  changes: [
    { path: 'layout', from: foundText(found.config), to: wantedText(wantedLayout(want)), as: 'text' },
  ],
});

const whyNot = (want: Desired, found: FoundPool, { places }: Actual): string | undefined => {
  const { name } = want;
  if (found.ofOtherHost)
    return `it was last used by another host and never exported there; if that host does not use it any more: zpool import -f ${name}`;
  if (want.import === 'never') return `the manifest says import: never; by hand: zpool import ${name}`;
  if (!['ONLINE', 'DEGRADED'].includes(found.state))
    return `${found.status ?? 'it cannot be used as it is'}; see: zpool import`;
  if (compareLayout(places, wantedLayout(want), found.config).length > 0)
    return `its layout is not that of the manifest, so it may be another pool of that name; change the manifest, or import it by hand: zpool import ${found.guid}`;
  return undefined;
};

const importIt = (want: Desired, found: FoundPool): Action<PoolOp> => ({
  does: { op: 'import', pool: want.name, guid: found.guid, folders: foldersOf(want) },
  description: `import pool ${want.name} (guid ${found.guid}${found.state === 'ONLINE' ? '' : `, ${found.state}`}), which is on its disks`,
  risk: 'safe',
  changes: [{ path: 'imported', from: false, to: true }],
  undo: { none: `by hand: zpool export ${want.name}` },
});

/** A pool that is there is never made anew. */
export const diffImportable = (want: Desired, actual: Actual): Finding<PoolOp>[] => {
  const [found, ...others] = actual.importable;
  if (found === undefined) return [];
  if (others.length > 0)
    return [
      notImported(
        want,
        found,
        `there are ${others.length + 1} pools of that name (guids ${actual.importable.map(({ guid }) => guid).join(', ')}); import the right one by hand: zpool import GUID`,
      ),
    ];
  const why = whyNot(want, found, actual);
  return why === undefined ? [importIt(want, found)] : [notImported(want, found, why)];
};
