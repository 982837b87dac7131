/** A plan as a file: what was agreed on, and by what it is known again. */
import { createHash } from 'node:crypto';
import type { Catalog } from '../../engine/catalog.ts';
import type { Plan, PlannedResource } from '../../engine/plan.ts';
import type { Ref } from '../../engine/resource-type.ts';
import type { Holder } from '../../host/lock.ts';
import { readRegularFile } from '../../host/read-file.ts';

export interface SavedPlan {
  readonly format: 1;
  /** Names it wherever it lies, and however often it was copied. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly expires: string;
  readonly by: string;
  readonly version: string;
  /** Of this machine: a hash of its id, which is not for everybody. */
  readonly host: string;
  readonly manifest: { readonly path: string; readonly sha256: string };
  /** Of all that is declared, the files that the manifest names included. */
  readonly catalog: string;
  readonly only: readonly Ref[];
  readonly skip: readonly string[];
  /** For whoever looks at it. What is carried out is planned anew, and must be the same. */
  readonly plan: Plan;
  /** Of what was read and is to be done, of each resource that is not in sync. */
  readonly fingerprints: Readonly<Record<string, string>>;
}

export interface OpenedPlan {
  readonly file: string;
  readonly saved: SavedPlan;
}

export interface Saving {
  readonly file: string;
  readonly milliseconds: number;
  readonly only: readonly Ref[];
  readonly skip: readonly string[];
}

/** What a run has in hand once it has planned. */
export interface Now {
  readonly state: string;
  readonly version: string;
  readonly holder: Holder;
  readonly manifest: string;
  readonly sha256: string;
  readonly catalog: Catalog;
  readonly plan: Plan;
}

const hash = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);

export const catalogHash = (catalog: Catalog): string => hash(catalog);

export const hostHash = (): string => hash(readRegularFile('/etc/machine-id')?.toString('utf8') ?? '');

/**
 * By what is known again that nothing has changed: the findings, not all that was read. Free space and the progress of a
 * scrub are read too, and nothing is decided by them.
 */
export const fingerprintOf = (resource: PlannedResource): string => {
  switch (resource.is) {
    case 'drift':
      return hash([resource.is, resource.actions]);
    case 'refused':
      return hash([resource.is, resource.refusals]);
    case 'unknown':
      return hash([resource.is]);
  }
};

export const fingerprintsOf = ({ resources }: Plan): Readonly<Record<string, string>> =>
  Object.fromEntries(resources.map((one) => [one.ref, fingerprintOf(one)]));
