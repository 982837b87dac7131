import { accountsOf } from '../../facts/accounts.ts';
import { metaOf } from '../../facts/ownership.ts';
import { parentRefs } from '../../facts/paths.ts';
import { readEach } from '../../engine/reading.ts';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import { checkedBy } from './access.ts';
import { diff } from './diff.ts';
import { list } from './list.ts';
import { readOne } from './read.ts';
import { desired, ops } from './schema.ts';

export default defineResource({
  kind: 'File',
  summary:
    'A regular file with its content, owner, group and mode; or, without a content, only the owner, group and mode of ' +
    'a file that is there. Never replaces a directory, symlink or special file, and never touches one with hard links.',
  desired,
  ops,
  examples: [
    { path: '/etc/motd', content: 'Welcome.\n' },
    {
      path: '/etc/ssl/private/nas.key',
      secret: { file: '/etc/phoenix/secrets/nas.key' },
      group: 'ssl-cert',
      mode: '0640',
    },
    { path: '/etc/crontab', mode: '0600' },
    { path: '/etc/old.conf', ensure: 'absent' },
  ],

  key: (want) => want.path,
  requires: (want) => [
    ...parentRefs(want.path),
    refOf('UnixUser', want.owner ?? 'root'),
    refOf('UnixGroup', want.group ?? 'root'),
  ],
  owns: (want) => [`path:${want.path}`],

  resolve({ source, ...want }, payload) {
    return source === undefined ? want : { ...want, content: payload.text(source) };
  },

  async read(host, all) {
    const accounts = await accountsOf(host);
    return readEach(
      all,
      (want) => want.path,
      (want) => readOne(host, want, accounts),
    );
  },

  diff,

  async converge(op, host) {
    if (op.op === 'remove') {
      host.removeFile(op.path);
      return;
    }
    const meta = metaOf(op, await accountsOf(host));
    switch (op.op) {
      case 'write':
        await host.writeFile(op.path, op.content, { ...meta, ...checkedBy(op.path, host) });
        return;
      case 'write-secret':
        await host.writeFile(op.path, host.secret(op.secret), meta);
        return;
      case 'set-meta':
        host.setMeta(op.path, meta);
        return;
      case 'restore':
        await host.restoreFile(op.path, op.sha256, meta);
        return;
    }
  },

  list,
});
