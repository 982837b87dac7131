import { defineResource, refOf } from '../../engine/resource-type.ts';
import { parentRefs } from '../../facts/paths.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { pathsOf, recordPath } from './files.ts';
import { read } from './read.ts';
import { desired, keyOf, ops } from './schema.ts';

export default defineResource({
  kind: 'VfioBinding',
  summary:
    'PCI devices that are kept for guests: bound to vfio-pci at boot, in the initramfs, and now where that is safe. Refuses what the host itself uses, and a part of an IOMMU group. Never touches a device that is not named.',
  desired,
  ops,
  examples: [{ address: '0000:01:00' }, { id: '8086:10d3' }, { address: '0000:02:00.0', ensure: 'absent' }],

  key: keyOf,
  requires: (want) => [refOf('KernelModule', 'vfio_pci'), ...parentRefs(recordPath(keyOf(want)))],
  owns: (want) => pathsOf(keyOf(want)).map((path) => `path:${path}`),
  owesTo: ['Initramfs'],

  read,
  diff,
  converge,
});
