import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const DIST = join(import.meta.dirname, '../../dist');

/** What `npm run package` has made. */
export const packageFile = (name: 'phoenix' | 'phoenix-core'): string => {
  const file = readdirSync(DIST).find((one) => one.startsWith(`${name}_`) && one.endsWith('.deb'));
  if (file === undefined) throw new Error(`there is no ${name} in dist: npm run package`);
  return join(DIST, file);
};
