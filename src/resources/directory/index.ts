import { parentRefs, parentsOf } from '../../facts/paths.ts';
import { defineResource, refOf, type Ref } from '../../engine/resource-type.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { read } from './read.ts';
import { desired, ops, type Desired } from './schema.ts';

/** Accounts that the entries name. */
const accountRefs = (want: Desired): Ref[] =>
  [`user:${want.owner}:`, `group:${want.group}:`, ...(want.acl ?? []), ...(want.defaultAcl ?? [])].flatMap(
    (entry) => {
      const [tag, name] = entry.split(':');
      if (!name) return [];
      return [refOf(tag === 'user' ? 'UnixUser' : 'UnixGroup', name)];
    },
  );

/** Datasets are mounted under their own name unless told otherwise. */
const datasetRefs = (path: string): Ref[] =>
  [path, ...parentsOf(path)].flatMap((one) => [
    refOf('ZfsDataset', one.slice(1)),
    ...(one.lastIndexOf('/') === 0 ? [refOf('ZfsPool', one.slice(1))] : []),
  ]);

export default defineResource({
  kind: 'Directory',
  summary:
    'A directory with its owner, group, mode and ACL. Makes no parents, changes nothing of what is in it, and removes ' +
    'content only when told. A symlink in its place is refused.',
  desired,
  ops,
  examples: [
    { path: '/srv/media', group: 'media', mode: '2775' },
    {
      path: '/tank/shared/ssl',
      mode: '0750',
      acl: ['user:traefik:r-x'],
      defaultAcl: ['user:traefik:r--'],
      requireMountpoint: '/tank/shared',
    },
    { path: '/srv/old', ensure: 'absent' },
  ],

  key: (want) => want.path,
  requires: (want) => [...parentRefs(want.path), ...datasetRefs(want.path), ...accountRefs(want)],
  owns: (want) => [`path:${want.path}`],

  read,
  diff,
  converge,
});
