/** What this installation is. The constants are filled in by the bundler; from the sources there are none. */
import { fileURLToPath } from 'node:url';

declare const PHOENIX_VERSION: string | undefined;
declare const PHOENIX_BUILD: string | undefined;

export const version: string = typeof PHOENIX_VERSION === 'string' ? PHOENIX_VERSION : '0.0.0-source';

/** A hash of the bundle's sources: what was compiled by another build is not trusted. */
export const build: string | undefined = typeof PHOENIX_BUILD === 'string' ? PHOENIX_BUILD : undefined;

/** The executable that an operator starts. The bundle lies in `dist/`, the sources in `src/`, both beside `bin/`. */
export const program: string = fileURLToPath(new URL('../bin/phoenix', import.meta.url));

export const DEFAULT_MANIFEST = '/etc/phoenix/phoenix.yaml';
export const LOG_FOLDER = '/var/log/phoenix';
