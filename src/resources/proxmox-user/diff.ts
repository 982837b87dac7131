import type { Action, Change, Finding, Risk } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { notProxmox } from '../../facts/proxmox.ts';
import type { PveUser } from '../../facts/pveum.ts';
import type { Desired, Fields, UserOp } from './schema.ts';

export type Actual = { readonly isProxmox: false } | { readonly isProxmox: true; readonly user?: PveUser };

const secondsOf = (expires: string): number =>
  expires === 'never' ? 0 : Date.parse(`${expires}T00:00:00Z`) / 1000;

const showExpiry = (seconds = 0): string => {
  if (seconds === 0) return 'never';
  const text = new Date(seconds * 1000).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.replace('.000Z', 'Z');
};

const declared = (fields: Record<string, unknown>): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const wantedOf = (want: Desired): Fields =>
  declared({
    enable: want.enabled,
    expire: want.expires === undefined ? undefined : secondsOf(want.expires),
    firstname: want.firstname,
    lastname: want.lastname,
    email: want.email,
    comment: want.comment,
  });

const liveOf = ({ enabled, expires, firstname, lastname, email, comment }: PveUser): Required<Fields> => ({
  enable: enabled,
  expire: expires,
  firstname,
  lastname,
  email,
  comment,
});

const NAMES: Readonly<Record<string, string>> = { enable: 'enabled', expire: 'expires' };

const changeOf = (key: keyof Fields, from: Fields, to: Fields): Change => ({
  path: NAMES[key] ?? key,
  from: key === 'expire' ? showExpiry(from.expire) : from[key],
  to: key === 'expire' ? showExpiry(to.expire) : to[key],
});

const add = (want: Desired): Action<UserOp> => {
  const fields = wantedOf(want);
  return {
    does: { op: 'add', user: want.user, ...fields, groups: want.groups },
    description: `create user ${want.user} of Proxmox VE`,
    risk: want.groups.length > 0 ? 'disruptive' : 'safe',
    changes: [
      { path: 'user', from: null, to: want.user },
      ...(want.groups.length > 0 ? [{ path: 'groups', from: null, to: [...want.groups].sort() }] : []),
    ],
    undo: { by: { op: 'remove', user: want.user } },
  };
};

/** Who may log in. */
const ACCESS: ReadonlySet<keyof Fields> = new Set(['enable', 'expire']);

const modify = (want: Desired, user: PveUser): Action<UserOp>[] => {
  const [wanted, live] = [wantedOf(want), liveOf(user)];
  const keys = (Object.keys(wanted) as (keyof Fields)[]).filter((key) => wanted[key] !== live[key]);
  if (keys.length === 0) return [];
  const only = (fields: Fields): Fields =>
    declared(Object.fromEntries(keys.map((key) => [key, fields[key]])));
  const risk: Risk = keys.some((key) => ACCESS.has(key)) ? 'disruptive' : 'safe';
  return [
    {
      does: { op: 'modify', user: want.user, ...only(wanted) },
      description: `change ${keys.map((key) => NAMES[key] ?? key).join(', ')} of ${want.user}`,
      risk,
      changes: keys.map((key) => changeOf(key, live, wanted)),
      undo: { by: { op: 'modify', user: want.user, ...only(live) } },
    },
  ];
};

/** Groups carry permissions. */
const changeGroups = (want: Desired, { groups }: PveUser): Action<UserOp>[] => {
  const missing = [...new Set(want.groups)].filter((name) => !groups.includes(name)).sort();
  const extra = want.groupsMode === 'exact' ? groups.filter((name) => !want.groups.includes(name)) : [];
  if (missing.length + extra.length === 0) return [];
  const to = [...groups.filter((name) => !extra.includes(name)), ...missing].sort();
  return [
    {
      does:
        extra.length === 0
          ? { op: 'join', user: want.user, groups: missing }
          : { op: 'set-groups', user: want.user, groups: to },
      description: [
        ...(missing.length > 0 ? [`add ${want.user} to ${missing.join(', ')}`] : []),
        ...(extra.length > 0 ? [`take ${want.user} out of ${extra.join(', ')}`] : []),
      ].join(' and '),
      risk: 'disruptive',
      changes: [{ path: 'groups', from: groups, to }],
      undo: { by: { op: 'set-groups', user: want.user, groups: [...groups] } },
    },
  ];
};

const remove = (want: Desired): Action<UserOp> => ({
  does: { op: 'remove', user: want.user },
  description: `remove user ${want.user} of Proxmox VE, with its permissions, tokens and second factors`,
  risk: 'disruptive',
  changes: [{ path: 'user', from: want.user, to: null }],
  undo: { none: 'its tokens and second factors cannot be brought back' },
});

export const diff = (want: Desired, reading: Known<Actual>): Finding<UserOp>[] => {
  if (reading.is === 'present' && !reading.value.isProxmox)
    return [
      { refuses: notProxmox(`user ${want.user}`), changes: [{ path: 'user', from: null, to: want.user }] },
    ];
  const user = reading.is === 'present' && reading.value.isProxmox ? reading.value.user : undefined;
  if (want.ensure === 'absent') return user === undefined ? [] : [remove(want)];
  return user === undefined ? [add(want)] : [...modify(want, user), ...changeGroups(want, user)];
};
