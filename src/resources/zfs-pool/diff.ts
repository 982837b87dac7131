import type { Finding } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import type { Actual } from './actual.ts';
import { diffImported } from './diff-imported.ts';
import { diffAbsent, diffImportable } from './diff-missing.ts';
import type { Desired, PoolOp } from './schema.ts';

const NOTHING: Actual = { importable: [], places: {}, candidates: [] };

/** Import first: a pool that is on the disks of this host is never made anew. */
export const diff = (want: Desired, actual: Known<Actual>): Finding<PoolOp>[] => {
  const found = actual.is === 'present' ? actual.value : NOTHING;
  if (found.pool !== undefined) return diffImported(want, found.pool, found);
  return found.importable.length > 0 ? diffImportable(want, found) : diffAbsent(want, found);
};
