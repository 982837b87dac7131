import { defineResource } from '../../engine/resource-type.ts';
import { parentRefs } from '../../facts/paths.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { BLACKLIST } from './files.ts';
import { read } from './read.ts';
import { desired, ops } from './schema.ts';

const KEY = 'host';

export default defineResource({
  kind: 'NvidiaDriver',
  summary:
    'The NVIDIA driver of the host: packages at a version, nouveau off, built by DKMS for the kernel that boots next, loaded where that can be done at once. Never reboots, never takes a driver out of the running kernel, and never removes other packages of NVIDIA.',
  desired,
  ops,
  examples: [{ version: '550', gpus: ['0000:01:00.0'], whenAbsent: 'skip' }],

  key: () => KEY,
  requires: () => parentRefs(BLACKLIST),
  owns: () => [`path:${BLACKLIST}`],
  owesTo: ['Initramfs'],

  read: async (host, all) =>
    new Map(await Promise.all(all.map(async (want) => [KEY, await read(host, want)] as const))),
  diff,
  converge,
});
