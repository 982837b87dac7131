import type { Action, Change, Finding, Refusal, Undo } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { notProxmox } from '../../facts/proxmox.ts';
import { liveValue, mountpointOf, wantedOf, type Wanted } from './properties.ts';
import type { Actual } from './read.ts';
import type { Desired, StorageOp } from './schema.ts';
import type { Section } from './section-config.ts';
import { RULES, type StorageType } from './types.ts';

const setOf = (wanted: Wanted): Record<string, string> =>
  Object.fromEntries([...wanted].filter((one): one is [string, string] => one[1] !== null));

const setPassword = (want: Desired): Action<StorageOp>[] =>
  want.password === undefined
    ? []
    : [
        {
          does: { op: 'set-password', id: want.id, password: want.password },
          description: `write the password of storage ${want.id}`,
          risk: 'disruptive',
          changes: [{ path: 'password', from: '', to: '', as: 'secret' }],
          undo: { none: 'the password before is not kept in the plan; its file is kept in the backup' },
        },
      ];

/** Proxmox VE activates what it adds, and drops a password file that is there: so disabled first, enabled at the end. */
const add = (want: Desired, type: StorageType): Finding<StorageOp>[] => {
  const properties = setOf(wantedOf(want, type));
  const needsPassword = want.password !== undefined && !want.disable;
  const action: Action<StorageOp> = {
    does: {
      op: 'add',
      id: want.id,
      type,
      properties: needsPassword ? { ...properties, disable: '1' } : properties,
    },
    description: `define storage ${want.id} (${type})${needsPassword ? ', disabled until its password is there' : ''}`,
    risk: 'safe',
    changes: Object.entries(properties).map(([path, to]) => ({ path, from: null, to })),
    undo: { by: { op: 'remove', id: want.id } },
  };
  if (!needsPassword) return [action, ...setPassword(want)];
  const enable: Action<StorageOp> = {
    does: { op: 'set', id: want.id, properties: {}, unset: ['disable'] },
    description: `enable storage ${want.id}`,
    risk: 'safe',
    changes: [{ path: 'disable', from: '1', to: null }],
    undo: { by: { op: 'set', id: want.id, properties: { disable: '1' }, unset: [] } },
  };
  return [action, ...setPassword(want), enable];
};

const differences = (wanted: Wanted, section: Section): Change[] =>
  [...wanted].flatMap(([path, to]) => {
    const from = liveValue(section, path);
    return from === to ? [] : [{ path, from, to }];
  });

const refuseFixed = (want: Desired, changes: readonly Change[]): Refusal => ({
  refuses:
    `storage ${want.id} has another ${changes.map(({ path }) => path).join(' and ')}, which Proxmox VE sets only when a storage is added; ` +
    `take what is there, or move what it holds elsewhere and run \`pvesm remove ${want.id}\` first`,
  changes,
});

const undoOf = (want: Desired, { properties }: Section, changes: readonly Change[]): Undo<StorageOp> => {
  const before = changes.map(({ path }) => [path, properties[path]] as const);
  const set = before.filter((one): one is [string, string] => one[1] !== undefined);
  const unset = before.filter(([, value]) => value === undefined).map(([path]) => path);
  return { by: { op: 'set', id: want.id, properties: Object.fromEntries(set), unset } };
};

/** Where guests are on it, less of these ends their access, or hides what is stored. */
const NOTICED: ReadonlySet<string> = new Set([
  'disable',
  'nodes',
  'content',
  'is_mountpoint',
  'options',
  'username',
  'domain',
]);

const set = (want: Desired, section: Section, changes: readonly Change[]): Action<StorageOp> => {
  const mounted = changes.some(({ path }) => path === 'is_mountpoint') ? mountpointOf(want) : undefined;
  return {
    does: {
      op: 'set',
      id: want.id,
      properties: Object.fromEntries(
        changes.filter(({ to }) => to !== null).map(({ path, to }) => [path, String(to)]),
      ),
      unset: changes.filter(({ to }) => to === null).map(({ path }) => path),
      ...(mounted === undefined ? {} : { mounted }),
    },
    description: `change storage ${want.id}: ${changes.map(({ path }) => path).join(', ')}`,
    risk: changes.some(({ path }) => NOTICED.has(path)) ? 'disruptive' : 'safe',
    changes,
    undo: undoOf(want, section, changes),
  };
};

const remarksOn = (path: string, want: Desired, { isMounted }: Actual): Finding<StorageOp>[] => [
  ...(mountpointOf(want) === path && isMounted === false
    ? [{ remarks: `${path} is not mounted, so Proxmox VE does not use it` }]
    : []),
  ...(want.isMountpoint === false && isMounted === true
    ? [
        {
          remarks: `${path} is a filesystem of its own: while it is not mounted, Proxmox VE will fill the one below it; \`isMountpoint: true\` prevents that`,
        },
      ]
    : []),
];

const remarks = (want: Desired, actual: Actual): Finding<StorageOp>[] => [
  ...(want.path === undefined ? [] : remarksOn(want.path, want, actual)),
  ...(want.type === 'dir' &&
  want.shared === undefined &&
  actual.section !== undefined &&
  liveValue(actual.section, 'shared') !== null
    ? [{ remarks: 'marked as shared, although it is a directory; `shared: false` takes the mark away' }]
    : []),
];

const refuseType = (want: Desired, type: StorageType, section: Section): Refusal => ({
  refuses:
    `storage ${want.id} is of type ${section.type}; declare that, or another name, ` +
    `or move what it holds elsewhere and run \`pvesm remove ${want.id}\` first`,
  changes: [{ path: 'type', from: section.type, to: type }],
});

const diffSection = (
  want: Desired,
  type: StorageType,
  section: Section,
  actual: Actual,
): Finding<StorageOp>[] => {
  if (section.type !== type) return [refuseType(want, type, section)];
  const changes = differences(wantedOf(want, type), section);
  const fixed = changes.filter(({ path }) => RULES[type].fixed.includes(path));
  if (fixed.length > 0) return [refuseFixed(want, fixed)];
  return [
    ...(actual.password === 'differs' ? setPassword(want) : []),
    ...(changes.length > 0 ? [set(want, section, changes)] : []),
  ];
};

const removal = (want: Desired, section: Section, users: readonly string[]): Finding<StorageOp> => {
  const changes = [{ path: 'type', from: section.type, to: null }];
  if (want.id === 'local')
    return {
      refuses: 'local is always there, and comes back by itself; `disable: true` puts it out of use',
      changes,
    };
  if (users.length > 0)
    return {
      refuses: `storage ${want.id} is in use by ${users.slice(0, 5).join(', ')}${users.length > 5 ? ` and ${users.length - 5} more` : ''}; move those volumes or jobs to another storage first`,
      changes,
    };
  return {
    does: { op: 'remove', id: want.id },
    description: `remove the definition of storage ${want.id} (${section.type}); what is stored there stays`,
    risk: 'disruptive',
    changes,
    undo: { none: `the permissions on /storage/${want.id}, its places in pools and its password go with it` },
  };
};

export const diff = (want: Desired, reading: Known<Actual>): Finding<StorageOp>[] => {
  const actual: Actual =
    reading.is === 'present' ? reading.value : { isProxmox: true, password: 'undeclared', users: [] };
  const { section } = actual;
  if (!actual.isProxmox)
    return [
      {
        refuses: notProxmox(`storage ${want.id}`),
        changes: [{ path: 'ensure', from: null, to: want.ensure }],
      },
    ];
  if (want.ensure === 'absent' || want.type === undefined)
    return section === undefined ? [] : [removal(want, section, actual.users)];
  if (section === undefined) return add(want, want.type);
  return [...diffSection(want, want.type, section, actual), ...remarks(want, actual)];
};
