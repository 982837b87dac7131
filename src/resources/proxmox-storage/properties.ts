/** Both sides in one spelling: property to value, `null` for what is to be unset. */
import type { Section } from './section-config.ts';
import type { Desired } from './schema.ts';
import { RULES, type StorageType } from './types.ts';

export type Wanted = ReadonlyMap<string, string | null>;

/** Names in the manifest that are not those of storage.cfg. */
const NAMES: Readonly<Record<string, string>> = {
  isMountpoint: 'is_mountpoint',
  pruneBackups: 'prune-backups',
  smbVersion: 'smbversion',
};
const FLAGS: ReadonlySet<string> = new Set(['disable', 'shared', 'sparse']);

/** Sets are written in no certain order. */
const sorted = (list: readonly string[]): string => [...new Set(list)].sort().join(',');

const split = (text: string): string[] => text.split(/[\s,;]+/).filter((one) => one !== '');

const TRUE = /^(?:1|on|yes|true)$/i;
const FALSE = /^(?:0|off|no|false)$/i;

/** As Proxmox VE writes the retention: `keep-last=3,keep-weekly=2`. */
const retention = (kept: NonNullable<Desired['pruneBackups']>): string =>
  sorted(
    Object.entries(kept).flatMap(([key, value]) =>
      value === 0 ? [] : [`${key.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}=${Number(value)}`],
    ),
  );

const spelled = (field: string, value: unknown): string | null => {
  if (typeof value === 'boolean') return value ? '1' : null;
  if (Array.isArray(value)) return value.length === 0 ? null : sorted(value as string[]);
  return field === 'pruneBackups' ? retention(value as NonNullable<Desired['pruneBackups']>) : String(value);
};

/** What is declared; a password is no property. */
export const wantedOf = (want: Desired, type: StorageType): Wanted => {
  const { required, optional } = RULES[type];
  const fields = [...required, ...optional, 'content', 'nodes', 'disable'].filter(
    (one) => one !== 'password',
  );
  const wanted = new Map<string, string | null>();
  for (const field of fields) {
    const value = want[field as keyof Desired];
    if (value !== undefined) wanted.set(NAMES[field] ?? field, spelled(field, value));
  }
  return wanted;
};

const liveFlag = (value: string | undefined): string | null =>
  value !== undefined && TRUE.test(value) ? '1' : null;

const liveMountpoint = (value: string | undefined): string | null => {
  if (value === undefined || FALSE.test(value)) return null;
  return TRUE.test(value) ? '1' : value;
};

const liveRetention = (value: string): string | null =>
  sorted(split(value).filter((one) => !one.endsWith('=0'))) || null;

/** What is live, defaults filled in. */
export const liveValue = ({ type, id, properties }: Section, key: string): string | null => {
  const value = properties[key];
  if (FLAGS.has(key)) return liveFlag(value);
  switch (key) {
    case 'is_mountpoint':
      return liveMountpoint(value);
    case 'content':
      return sorted(value === undefined ? RULES[type as StorageType].defaultContent : split(value));
    case 'nodes':
      return value === undefined ? null : sorted(split(value));
    case 'prune-backups':
      return value === undefined ? null : liveRetention(value);
    case 'path':
      return value ?? `/mnt/pve/${id}`;
    default:
      return value ?? null;
  }
};

/** The directory that must be mounted for this to be used. */
export const mountpointOf = ({ type, path, isMountpoint }: Desired): string | undefined => {
  if (type !== 'dir' || isMountpoint === false) return undefined;
  return isMountpoint === true ? path : isMountpoint;
};
