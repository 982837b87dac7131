import { defineResource, refOf } from '../../engine/resource-type.ts';
import { convergeTogether } from './converge.ts';
import { diff } from './diff.ts';
import { pathOf } from './files.ts';
import { read } from './read.ts';
import { desired, ops } from './schema.ts';

export default defineResource({
  kind: 'AppArmorTunable',
  summary:
    'Variables and aliases that AppArmor profiles share, as a drop-in beside the packaged tunable. Tried with the profiles ' +
    'that use it before it is live; these are then replaced in the kernel. Never touches a packaged file.',
  desired,
  ops,
  examples: [
    { name: 'home', append: { HOMEDIRS: ['/srv/home/'] } },
    { name: 'xdg-user-dirs', append: { XDG_DOWNLOAD_DIR: ['Incoming'] } },
    { name: 'global', define: { media: ['/tank/media/', '/srv/media/'] } },
    { name: 'alias', aliases: [{ from: '/usr/', to: '/mnt/usr/' }] },
    { name: 'run', ensure: 'absent' },
  ],

  key: (want) => want.name,
  requires: () => [refOf('AptPackage', 'apparmor')],
  owns: (want) => [`path:${pathOf(want.name)}`],

  read,
  diff,
  converge: (op, host) => convergeTogether([op], host),
  convergeTogether,
});
