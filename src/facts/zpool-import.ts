import type { CommandFact } from '../host/host.ts';
import { parseConfig, type PoolConfig } from './zpool-config.ts';
import { fieldOf, sectionsOf, sentenceOf, type Section } from './zpool-status.ts';

/** A pool that is on disks of this host and not imported, as zpool-import(8) lists it. */
export interface ImportablePool {
  readonly name: string;
  /** Decimal: more than a double can hold. */
  readonly guid: string;
  /** ONLINE, DEGRADED, FAULTED, UNAVAIL. */
  readonly state: string;
  readonly status?: string;
  /** It was in use elsewhere when it was last written, and never exported. */
  readonly ofOtherHost: boolean;
  readonly config: PoolConfig;
}

const OTHER_HOST = /last accessed by another system|appears? to be currently imported|multihost/i;

const poolOf = (section: Section): ImportablePool => {
  const told = `${section.fields.get('status') ?? ''} ${section.fields.get('action') ?? ''}`;
  const status = sentenceOf(section.fields.get('status'));
  return {
    name: fieldOf(section, 'pool'),
    guid: fieldOf(section, 'id'),
    state: fieldOf(section, 'state'),
    ...(status === undefined ? {} : { status }),
    ofOtherHost: OTHER_HOST.test(told),
    config: parseConfig(section.config),
  };
};

/** A scan of all disks; only asked for when a pool is missing. Exit code 1 where nothing was found (2.1). */
export const importablePools: CommandFact<readonly ImportablePool[]> = {
  name: 'zpool import',
  // Every disk is read, also those that have to spin up first.
  command: { program: 'zpool', args: ['import'], timeout: 600_000 },
  absent: [],
  parse: (stdout) => sectionsOf(stdout).map(poolOf),
};
