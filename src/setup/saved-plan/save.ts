import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { withoutSecrets } from '../../engine/without-secrets.ts';
import { writeTrustedFile } from '../../host/new-trusted-file.ts';
import {
  catalogHash,
  fingerprintsOf,
  hostHash,
  type Now,
  type SavedPlan,
  type Saving,
} from './saved-plan.ts';

const savedPlanOf = ({ milliseconds, only, skip }: Saving, now: Now, at: Date): SavedPlan => ({
  format: 1,
  id: randomBytes(16).toString('hex'),
  at: at.toISOString(),
  expires: new Date(at.getTime() + milliseconds).toISOString(),
  by: now.holder.user,
  version: now.version,
  host: hostHash(),
  manifest: { path: resolve(now.manifest), sha256: now.sha256 },
  catalog: catalogHash(now.catalog),
  only,
  skip,
  plan: now.plan,
  fingerprints: fingerprintsOf(now.plan),
});

/** In a new file, for root alone. */
export const savePlan = (saving: Saving, now: Now): void => {
  const saved = savedPlanOf(saving, now, new Date());
  writeTrustedFile(saving.file, `${JSON.stringify(saved, withoutSecrets, 2)}\n`);
};
