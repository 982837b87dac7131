/** Layouts as text, for a diff view: both sides in one form, in the order of the classes. */
import type { PoolConfig, PoolLeaf, PoolVdev } from '../../facts/zpool-config.ts';
import { singleDisks, type WantedLayout } from './wanted.ts';

interface Branch {
  readonly type: string;
  readonly disks: readonly string[];
}

const branchLines = ({ type, disks }: Branch, indent: string): string[] =>
  type === 'disk'
    ? disks.map((disk) => `${indent}${disk}`)
    : [`${indent}${type}`, ...disks.map((disk) => `${indent}  ${disk}`)];

const classLines = (word: string, branches: readonly Branch[]): string[] =>
  branches.length === 0 ? [] : [word, ...branches.flatMap((branch) => branchLines(branch, '  '))];

const leafText = ({ path, state, was, alternatives }: PoolLeaf): string => {
  if (alternatives !== undefined) return `${path} of ${alternatives.map(leafText).join(' and ')}`;
  const name = (was ?? path).replace(/-part1$/, '');
  return ['', 'ONLINE', 'AVAIL'].includes(state) ? name : `${name} (${state})`;
};

const ofVdevs = (vdevs: readonly PoolVdev[]): Branch[] =>
  vdevs.map(({ type, leaves }) => ({ type, disks: leaves.map(leafText) }));
const ofLeaves = (leaves: readonly PoolLeaf[]): Branch[] =>
  leaves.map((leaf) => ({ type: 'disk', disks: [leafText(leaf)] }));

const lines = (...parts: readonly string[][]): string => `${parts.flat().join('\n')}\n`;

export const foundText = (config: PoolConfig): string =>
  lines(
    ofVdevs(config.data).flatMap((branch) => branchLines(branch, '')),
    classLines('special', ofVdevs(config.special)),
    classLines('dedup', ofVdevs(config.dedup)),
    classLines('log', ofVdevs(config.log)),
    classLines('cache', ofLeaves(config.cache)),
    classLines('spares', ofLeaves(config.spares)),
  );

export const wantedText = (layout: WantedLayout): string =>
  lines(
    layout.data.flatMap((branch) => branchLines(branch, '')),
    classLines('special', layout.special),
    classLines('dedup', layout.dedup),
    classLines('log', layout.log),
    classLines('cache', singleDisks(layout.cache)),
    classLines('spares', singleDisks(layout.spares)),
  );

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** For people: 1.8 TiB. */
export const sizeText = (bytes: number): string => {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power] ?? 'B'}`;
};
