import { defineResource, refOf } from '../../engine/resource-type.ts';
import { parentRefs } from '../../facts/paths.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { read } from './read.ts';
import { desired, ops } from './schema.ts';
import { UNIT_PATH } from './unit.ts';

const KEY = 'host';

export default defineResource({
  kind: 'NvidiaInit',
  summary:
    'The NVIDIA cards of the host ready before guests start: a unit that makes the device nodes at boot, the persistence daemon where it is installed, and nvidia-smi that works. Never installs a driver, and never resets a card.',
  desired,
  ops,
  examples: [{ persistence: true, whenAbsent: 'skip' }],

  key: () => KEY,
  requires: () => [refOf('NvidiaDriver', 'host'), ...parentRefs(UNIT_PATH)],
  owns: () => [`path:${UNIT_PATH}`],

  read: async (host, all) =>
    new Map(await Promise.all(all.map(async (want) => [KEY, await read(host, want)] as const))),
  diff,
  converge,
});
