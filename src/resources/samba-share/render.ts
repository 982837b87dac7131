import { lineOf, optionLines } from '../../facts/samba/fields.ts';
import { canonical, listOf, membersOf } from '../../facts/samba/parameters.ts';
import { settingsOf } from '../../facts/samba/sections.ts';
import type { Desired } from './schema.ts';

type Parameters = [name: string, value: string][];

const yes = (is: boolean): string => (is ? 'Yes' : 'No');

const given = (name: string, value: string | undefined): Parameters =>
  value === undefined ? [] : [[name, value]];

/** The lists of users: those that `listsMode: added` is about. */
const USER_LISTS = [
  ['valid users', 'validUsers'],
  ['invalid users', 'invalidUsers'],
  ['read list', 'readList'],
  ['write list', 'writeList'],
] as const;

const userLists = (want: Desired, found: ReadonlyMap<string, string>): Parameters =>
  USER_LISTS.flatMap(([name, field]) => {
    const others = want.listsMode === 'added' ? membersOf(found.get(name) ?? '') : [];
    const members = [...new Set([...(want[field] ?? []), ...others])];
    return members.length === 0 ? [] : [[name, listOf(members)]];
  });

/** The module that shows snapshots comes first: others are to see the files that it leads to. */
export const modulesOf = ({ vfsObjects, previousVersions }: Desired): string[] =>
  previousVersions === false || vfsObjects.includes('shadow_copy2')
    ? vfsObjects
    : ['shadow_copy2', ...vfsObjects];

/** vfs_shadow_copy2(8); ZFS has its snapshots in .zfs/snapshot of the mount point, be it shown or not. */
const shadowCopy = ({ previousVersions }: Desired): Parameters => {
  if (previousVersions === false) return [];
  const { format, localTime } =
    previousVersions === true ? { format: undefined, localTime: false } : previousVersions;
  return [
    ['shadow:snapdir', '.zfs/snapshot'],
    ['shadow:sort', 'desc'],
    ...given('shadow:format', format),
    ...(localTime ? given('shadow:localtime', 'yes') : []),
  ];
};

const listed = (name: string, members: readonly string[] | undefined): Parameters =>
  members === undefined || members.length === 0 ? [] : [[name, listOf(members)]];

/** The parameters that have fields, as testparm writes them. `found` is the section as it is, for `listsMode: added`. */
export const parametersOf = (want: Desired, found: readonly string[] | undefined): Parameters => {
  const parameters: Parameters = [
    ['path', want.path ?? ''],
    ...given('comment', want.comment),
    ['read only', yes(want.readOnly)],
    ['browseable', yes(want.browseable)],
    ['guest ok', yes(want.guestOk)],
    ...userLists(want, settingsOf(found ?? [])),
    ...listed('hosts allow', want.hostsAllow),
    ...listed('hosts deny', want.hostsDeny),
    ...given('create mask', want.createMask),
    ...given('directory mask', want.directoryMask),
    ...given('force user', want.forceUser),
    ...given('force group', want.forceGroup),
    ...listed('vfs objects', modulesOf(want)),
  ];
  return parameters.map(([name, value]) => [...canonical(name, value)]);
};

export const render = (want: Desired, found: readonly string[] | undefined): string[] =>
  [...parametersOf(want, found), ...shadowCopy(want), ...optionLines(want.options)].map(lineOf);
