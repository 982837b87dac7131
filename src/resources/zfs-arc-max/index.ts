import { defineResource, refOf } from '../../engine/resource-type.ts';
import { parentRefs } from '../../facts/paths.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { FOLDER, numberOf, OWN } from './modprobe.ts';
import { read } from './read.ts';
import { desired, ops } from './schema.ts';

export default defineResource({
  kind: 'ZfsArcMax',
  summary:
    'How much memory the cache of ZFS may take: in the running kernel, for the next load of the module, and in the initramfs where that loads it. Edits the line that is there rather than adding another. Never loads or unloads the module.',
  desired,
  ops,
  examples: [{ max: '32GiB', min: '4GiB' }],

  key: () => 'system',
  requires: () => [refOf('AptPackage', 'zfsutils-linux'), ...parentRefs(`${FOLDER}/${OWN}`)],
  owns: () => [`path:${FOLDER}/${OWN}`],
  owesTo: ['Initramfs'],

  read: async (host, all) =>
    new Map(await Promise.all(all.map(async () => ['system', await read(host)] as const))),
  diff,
  converge,

  async list(host) {
    const reading = await read(host);
    const max = reading.is === 'present' ? numberOf(reading.value.boot.max?.value ?? '') : undefined;
    return max ? [{ max }] : [];
  },
});
