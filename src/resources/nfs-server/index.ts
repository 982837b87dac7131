import { defineResource, refOf } from '../../engine/resource-type.ts';
import { readNfsd } from '../../facts/nfsd.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { KEY, read } from './read.ts';
import { desired, ops } from './schema.ts';
import { OUR_FILE } from './settings.ts';

export default defineResource({
  kind: 'NfsServer',
  summary:
    'Settings of the NFS server: in a file of its own below /etc/nfs.conf.d, and in the running kernel. Restarts the ' +
    'server only for what cannot be changed while it runs; does not install, enable or start it.',
  desired,
  ops,
  examples: [
    {
      versions: ['3', '4.1', '4.2'],
      threads: 16,
      ports: { mountd: 20048, statd: 32765, lockd: 32768 },
    },
  ],

  key: () => KEY,
  requires: () => [refOf('AptPackage', 'nfs-kernel-server')],
  owns: () => [`path:${OUR_FILE}`],

  read,
  diff,
  converge,

  list(host) {
    const nfsd = readNfsd(host);
    return Promise.resolve(
      nfsd === undefined ? [] : [{ versions: [...nfsd.versions], threads: nfsd.threads }],
    );
  },
});
