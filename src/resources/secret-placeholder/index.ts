import { defineResource, refOf } from '../../engine/resource-type.ts';
import { accountsOf } from '../../facts/accounts.ts';
import { metaOf } from '../../facts/ownership.ts';
import { parentRefs } from '../../facts/paths.ts';
import { isPlaceholder, placeholderFor } from '../../host/placeholder.ts';
import { diff } from './diff.ts';
import { read } from './read.ts';
import { desired, ops } from './schema.ts';

export default defineResource({
  kind: 'SecretPlaceholder',
  summary:
    'A file for a secret that a person writes into it: made with a placeholder, its owner, group and mode kept, its content never touched, shown or recorded.',
  desired,
  ops,
  examples: [
    {
      path: '/srv/shared/backup.env',
      purpose: 'RESTIC_PASSWORD=... of the backups',
      group: 'media',
      mode: '0640',
    },
  ],

  key: (want) => want.path,
  requires: (want) => [
    ...parentRefs(want.path),
    refOf('UnixUser', want.owner),
    refOf('UnixGroup', want.group),
  ],
  owns: (want) => [`path:${want.path}`],

  read,
  diff,

  async converge(op, host) {
    if (op.op === 'remove') {
      const content = host.readFileInHostileGround(op.path);
      if (content !== undefined && !isPlaceholder(content))
        throw new Error(`${op.path} has its secret by now, and is not removed; remove it by hand`);
      host.removeFile(op.path);
      return;
    }
    const meta = metaOf(op, await accountsOf(host));
    if (op.op === 'set-meta') host.setMeta(op.path, meta);
    else await host.writeFile(op.path, placeholderFor(op.purpose), meta);
  },
});
