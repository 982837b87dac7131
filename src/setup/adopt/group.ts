/** Puts what is live into the sections of a manifest, and remembers where each went. */
import type { Candidate, Fields } from './candidate.ts';
import { STEPS } from '../steps.ts';
import { placeOf, rankOf, type Put } from './places.ts';

export interface Placed {
  readonly candidate: Candidate;
  readonly at: readonly PropertyKey[];
}

export interface Grouped {
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly placed: readonly Placed[];
}

type Mapping = Record<string, unknown>;

const mappingAt = (manifest: Mapping, path: readonly string[]): Mapping => {
  let current = manifest;
  for (const key of path) current = (current[key] ??= {}) as Mapping;
  return current;
};

const put = (manifest: Mapping, { path, value, toList }: Put): readonly PropertyKey[] => {
  const mapping = mappingAt(manifest, path.slice(0, -1));
  const key = path.at(-1) ?? '';
  if (!toList) {
    mapping[key] = value;
    return path;
  }
  const list = (mapping[key] ??= []) as unknown[];
  return [...path, list.push(value) - 1];
};

const isAdministrator = ({ uid, groups }: Fields): boolean =>
  uid === 0 || (Array.isArray(groups) && ['sudo', 'adm', 'wheel'].some((name) => groups.includes(name)));

/** People who may change the host, and all others; the keys of a user stand with the user. */
const putUsers = (manifest: Mapping, all: readonly Candidate[], without: ReadonlySet<string>): Placed[] => {
  const keysOf = new Map(
    all.flatMap((one) => (one.kind === 'AuthorizedKeys' ? [[String(one.entry['user']), one] as const] : [])),
  );
  return all
    .filter(({ kind }) => kind === 'UnixUser')
    .flatMap((user): Placed[] => {
      const section = isAdministrator(user.entry) ? 'adminUsers' : 'serviceUsers';
      if (without.has(section)) return [];
      const keys = keysOf.get(String(user.entry['name']));
      const sshKeys = keys === undefined ? {} : { sshKeys: keys.entry['keys'] };
      const at = put(manifest, { path: [section], value: { ...user.entry, ...sshKeys }, toList: true });
      const own: Placed = { candidate: user, at };
      return keys === undefined ? [own] : [own, { candidate: keys, at: [...at, 'sshKeys'] }];
    });
};

const SECTIONS = ['version', ...STEPS.map(({ section }): string => section)];

const inOrder = (manifest: Mapping): Mapping =>
  Object.fromEntries(
    Object.entries(manifest).toSorted(([a], [b]) => SECTIONS.indexOf(a) - SECTIONS.indexOf(b)),
  );

/** `without`: sections that are not used; what belongs there is declared one by one among the resources. */
export const group = (all: readonly Candidate[], without: ReadonlySet<string>): Grouped => {
  const manifest: Mapping = { version: 1 };
  const placed = putUsers(manifest, all, without);
  const done = new Set(placed.map(({ candidate }) => candidate));
  const rest = all.filter((one) => !done.has(one)).toSorted((a, b) => rankOf(a.kind) - rankOf(b.kind));
  for (const candidate of rest)
    for (const one of placeOf(candidate.kind, candidate.entry, without))
      placed.push({ candidate, at: put(manifest, one) });
  return { manifest: inOrder(manifest), placed };
};
