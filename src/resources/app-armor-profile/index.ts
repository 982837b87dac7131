import { DROP_INS } from '../../facts/apparmor/drop-ins.ts';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { pathOf } from './files.ts';
import { read } from './read.ts';
import { desired, ops } from './schema.ts';
import { shippedPath } from './shipped.ts';

export default defineResource({
  kind: 'AppArmorProfile',
  summary:
    'A file of AppArmor profiles in /etc/apparmor.d, its mode, and what the kernel has of it, compared by hash. Parsed ' +
    'before it is live, and loaded by replacement. Never edits the file of a package, and never restarts what runs unconfined.',
  desired,
  ops,
  examples: [
    { name: 'lxc-phoenix-nesting', shipped: 'lxc-phoenix-nesting' },
    { name: 'backup', source: 'apparmor/backup', mode: 'complain' },
    {
      name: 'usr.local.bin.report',
      content:
        'include <tunables/global>\n/usr/local/bin/report {\n  include <abstractions/base>\n  /usr/local/bin/report mr,\n}\n',
    },
    { name: 'usr.sbin.chronyd', mode: 'complain' },
    { name: 'old-profile', ensure: 'absent' },
  ],

  key: (want) => want.name,
  requires: () => [
    refOf('AptPackage', 'apparmor'),
    ...DROP_INS.map((name) => refOf('AppArmorTunable', name)),
  ],
  owns: (want) => [`path:${pathOf(want.name)}`],

  resolve({ source, shipped, ...want }, payload) {
    if (source !== undefined) return { ...want, content: payload.text(source) };
    return shipped === undefined ? want : { ...want, content: payload.shipped(shippedPath(shipped)) };
  },

  read,
  diff,
  converge,
});
