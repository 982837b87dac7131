import { z } from 'zod';
import { refOf } from '../engine/resource-type.ts';
import directory from '../resources/directory/index.ts';
import sambaServer from '../resources/samba-server/index.ts';
import sambaShare from '../resources/samba-share/index.ts';
import sambaUser from '../resources/samba-user/index.ts';
import { defineStep, said, type Entry } from './step.ts';

const { owner, group, mode } = directory.desired.shape;

const share = z.strictObject({
  ...sambaShare.desired.shape,
  owner: owner
    .unwrap()
    .optional()
    .meta({ description: 'owner of the directory; it is made if it is not there' }),
  group: group.unwrap().optional().meta({ description: 'group of the directory' }),
  mode: mode.unwrap().optional().meta({ description: 'permissions of the directory, octal, in quotes' }),
});
type Share = z.output<typeof share>;
type User = z.output<typeof sambaUser.desired>;

const schema = z
  .strictObject({
    server: z
      .strictObject(sambaServer.desired.shape)
      .optional()
      .meta({ description: 'the server; its defaults if left out' }),
    users: z.array(sambaUser.desired).default([]).meta({ description: 'accounts of Unix users in Samba' }),
    shares: z.array(share).default([]).meta({ description: 'shares, and their directories if told' }),
  })
  .optional()
  .meta({ description: 'a standalone Samba server, its accounts and shares' });

const SERVER = refOf('SambaServer', 'system');

/** Whether it runs; nmbd only where there is NetBIOS. */
const unitEntries = (netbios: boolean): Entry[] => [
  {
    kind: 'SystemdUnit',
    desired: { name: 'smbd.service', enabled: 'enabled', state: 'started' },
    at: ['server'],
    requires: [SERVER],
    inPassing: true,
  },
  {
    kind: 'SystemdUnit',
    desired: netbios
      ? { name: 'nmbd.service', enabled: 'enabled', state: 'started' }
      : { name: 'nmbd.service', enabled: 'disabled', state: 'stopped' },
    at: ['server'],
    requires: [SERVER],
    inPassing: true,
  },
];

/** Where the dataset is by default; elsewhere its mount point must be the shared directory itself. */
const mountpointOf = (path: string, dataset: string): string =>
  path.startsWith(`/${dataset}/`) ? `/${dataset}` : path;

/** The directory is only touched where the manifest says how it should be. */
const directoryEntries = ({ path, dataset, ...share }: Share, index: number): Entry[] => {
  const meta = said({ owner: share.owner, group: share.group, mode: share.mode });
  if (Object.keys(meta).length === 0 || path === undefined || share.ensure === 'absent') return [];
  const mount = dataset === undefined ? {} : { requireMountpoint: mountpointOf(path, dataset) };
  return [
    {
      kind: 'Directory',
      desired: { path, ...meta, ...mount },
      at: ['shares', index, 'path'],
      inPassing: true,
      needs: [refOf('UnixUser', share.owner ?? 'root'), refOf('UnixGroup', share.group ?? 'root')],
    },
  ];
};

const shareEntry = (one: Share, index: number): Entry => {
  const { owner: _owner, group: _group, mode: _mode, ...desired } = one;
  return {
    kind: 'SambaShare',
    desired: said(desired),
    at: ['shares', index],
    needs: [refOf('Directory', one.path ?? '')],
  };
};

const userEntry = (user: User, index: number): Entry => ({
  kind: 'SambaUser',
  desired: said(user),
  at: ['users', index],
  needs: [refOf('UnixUser', user.name)],
});

export default defineStep({
  number: 11,
  name: 'samba',
  section: 'samba',
  schema,
  resources: (section) => {
    if (section === undefined) return [];
    const own: Entry = { kind: 'SambaServer', desired: said({ ...section.server }), at: ['server'] };
    const users = section.users.map(userEntry);
    // side by side, so that they converge together
    const shares = [...section.shares.flatMap(directoryEntries), ...section.shares.map(shareEntry)];
    // a server that is to go waits for its shares
    if (section.server?.ensure === 'absent') return [...users, ...shares, own];
    return [
      { kind: 'AptPackage', desired: { name: 'samba' }, at: [], inPassing: true },
      own,
      ...unitEntries(section.server?.netbios ?? false),
      ...users,
      ...shares,
    ];
  },
});
