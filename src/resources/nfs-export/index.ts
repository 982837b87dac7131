import { defineResource, refOf, type Ref } from '../../engine/resource-type.ts';
import { etab } from '../../facts/nfs-exports.ts';
import { parentRefs, parentsOf } from '../../facts/paths.ts';
import { convergeTogether } from './converge.ts';
import { diff } from './diff.ts';
import { normalOptions, shortOptions } from './options.ts';
import { read } from './read.ts';
import { desired, ops } from './schema.ts';

/** A dataset is mounted under its own name unless it is told otherwise. */
const datasetRefs = (path: string): Ref[] =>
  [path, ...parentsOf(path)].flatMap((one) => [
    refOf('ZfsDataset', one.slice(1)),
    ...(one.lastIndexOf('/') === 0 ? [refOf('ZfsPool', one.slice(1))] : []),
  ]);

export default defineResource({
  kind: 'NfsExport',
  summary:
    'A directory that NFS clients may mount: one line in /etc/exports.d/phoenix.exports, tried before it is live. Never ' +
    'makes or changes the directory, never exports what lies below an empty mount point, and never touches the lines of others.',
  desired,
  ops,
  examples: [
    {
      path: '/tank/media',
      dataset: 'tank/media',
      clients: [
        { host: '10.0.0.0/24', options: ['rw'] },
        { host: 'fd00:1::/64', options: ['rw', 'all_squash', 'anonuid=1000', 'anongid=1000'] },
      ],
    },
    { path: '/srv/public', clients: [{ host: '*' }] },
    { path: '/srv/old', ensure: 'absent' },
  ],

  key: (want) => want.path,
  requires: (want) => [
    refOf('AptPackage', 'nfs-kernel-server'),
    refOf('NfsServer', 'nfs-server'),
    refOf('Directory', want.path),
    ...parentRefs(want.path),
    ...(want.dataset === undefined ? [] : [refOf('ZfsDataset', want.dataset)]),
    ...datasetRefs(want.path),
  ],
  owns: (want) => [`export:${want.path}`],

  read,
  diff,
  converge: (op, host) => convergeTogether([op], host),
  convergeTogether,

  async list(host) {
    const offered = await host.fact(etab);
    return [...new Set(offered.map(({ path }) => path))].sort().flatMap((path) => {
      const all = offered.filter((one) => one.path === path);
      const entries = all.map(({ client, options }) => ({
        host: client,
        options: shortOptions(normalOptions(options)).filter((option) => option !== 'mountpoint'),
      }));
      const mountpoint = all.some(({ options }) => options.includes('mountpoint'));
      const parsed = desired.safeParse({ path, clients: entries, ...(mountpoint ? { mountpoint } : {}) });
      return parsed.success ? [{ path, clients: entries, ...(mountpoint ? { mountpoint } : {}) }] : [];
    });
  },
});
