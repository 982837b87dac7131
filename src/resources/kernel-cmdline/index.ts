import { defineResource } from '../../engine/resource-type.ts';
import { parentRefs } from '../../facts/paths.ts';
import { convergeTogether } from './converge.ts';
import { diff } from './diff.ts';
import { read } from './read.ts';
import { desired, ops } from './schema.ts';
import { dropInPath, keyOf } from './words.ts';

export default defineResource({
  kind: 'KernelCmdline',
  summary:
    "One parameter of the kernel's command line, for the next boot: by a drop-in of GRUB, or in /etc/kernel/cmdline for systemd-boot and proxmox-boot-tool. Never touches other parameters, never the root, and never reboots.",
  desired,
  ops,
  examples: [
    { parameter: 'iommu=pt' },
    { parameter: 'intel_iommu=on', cpu: 'intel' },
    { parameter: 'mitigations', ensure: 'absent' },
  ],

  key: keyOf,
  requires: (want) => parentRefs(dropInPath(keyOf(want))),
  owns: (want) => [`path:${dropInPath(keyOf(want))}`],

  read,
  diff,
  converge: async (op, host) => {
    await convergeTogether([op], host);
  },
  convergeTogether,
});
