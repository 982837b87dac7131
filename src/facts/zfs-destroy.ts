/** What must hold before a dataset may be destroyed, whatever its type. */
import type { Refusal } from '../engine/action.ts';
import { bytesIn, type Settings } from './zfs-list.ts';
import { humanSize } from './zfs-sizes.ts';

const SHOWN = 5;

export const usedText = (live: Settings): string => `${humanSize(bytesIn(live, 'used'))} used`;

const KIND_OF: Readonly<Record<string, string>> = { filesystem: 'ZfsDataset', volume: 'ZfsVolume' };

/** One name cannot be both. */
export const refuseType = (
  name: string,
  wanted: 'filesystem' | 'volume',
  live: Settings,
): Refusal | undefined => {
  const type = live['type']?.value ?? '';
  if (type === wanted) return undefined;
  return {
    refuses: `${name} is a ${type}, not a ${wanted}; declare it as ${KIND_OF[type] ?? 'another kind'}, or choose another name`,
    changes: [{ path: 'type', from: type, to: wanted }],
  };
};

/** Snapshots and datasets below it are other people's last resort: they are removed by hand, by name. */
export const destroyRefusal = (name: string, dependents: readonly string[]): Refusal | undefined => {
  if (dependents.length === 0) return undefined;
  const rest = dependents.length - SHOWN;
  const names = `${dependents.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return {
    refuses: `${name} is not destroyed while there are ${names}; destroy those by hand first, one by one`,
    changes: [{ path: 'type', from: 'present', to: null }],
  };
};
