import type { DiskPlace } from '../../facts/disk-place.ts';
import type { PoolConfig } from '../../facts/zpool-config.ts';
import type { PoolStatus } from '../../facts/zpool-status.ts';
import type { SeenDisk } from './schema.ts';

/** A disk that the manifest names and the pool does not have yet. */
export interface Candidate {
  readonly path: string;
  /** Its kernel name now, such as /dev/sdb. Without one there is no such disk. */
  readonly device?: string;
  readonly size: number;
  readonly serial: string | null;
  readonly wwn: string | null;
  readonly model: string | null;
  /** What is on it, one line each. Empty: proven to be empty. */
  readonly sees: readonly string[];
  /** Why it may not be taken, whatever the operator allows. */
  readonly bars: readonly string[];
}

/** A disk as the plan shows it, and as it must still be when it is written to. */
export const asShown = ({ path, device, size, serial, wwn, sees }: Candidate): SeenDisk => ({
  path,
  device: device ?? '',
  size,
  serial,
  wwn,
  sees: [...sees],
});

export interface FoundPool {
  readonly guid: string;
  readonly state: string;
  readonly status?: string;
  readonly ofOtherHost: boolean;
  readonly config: PoolConfig;
}

export interface Actual {
  /** If it is imported. */
  readonly pool?: PoolStatus & { readonly properties: Readonly<Record<string, string>> };
  /** Pools of that name that could be imported, if it is not. */
  readonly importable: readonly FoundPool[];
  /** Where each name of a disk leads now, those of the manifest and those of the pools above. */
  readonly places: Readonly<Record<string, DiskPlace>>;
  /** The disks of the manifest that are not in the pool. */
  readonly candidates: readonly Candidate[];
}
