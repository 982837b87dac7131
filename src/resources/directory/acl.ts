/** POSIX ACLs as sets of entries (acl(5)): `user:alice:rwx`, `group::r-x`, `mask::rwx`. */
import { modeBits } from '../../facts/ownership.ts';
import type { Desired } from './schema.ts';

export interface Acl {
  readonly access: readonly string[];
  /** The default entries, without their prefix. */
  readonly inherited: readonly string[];
}

const textOf = (bits: number): string =>
  `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`;

const bitsOf = (entry: string): number => {
  const text = entry.slice(-3);
  return (text.startsWith('r') ? 4 : 0) | (text[1] === 'w' ? 2 : 0) | (text[2] === 'x' ? 1 : 0);
};

const tagOf = (entry: string): string => entry.slice(0, -4);

const find = (entries: readonly string[], tag: string): string | undefined =>
  entries.find((entry) => tagOf(entry) === tag);

const isNamed = (entry: string): boolean => /^(user|group):[^:]/.test(entry);

/** Entries for everybody that a list leaves out, from a mode; and the mask, which is what the others need together. */
const completed = (entries: readonly string[], mode: number): string[] => {
  const base = [
    ['user:', mode >> 6],
    ['group:', mode >> 3],
    ['other:', mode],
  ] as const;
  const all = [
    ...base
      .filter(([tag]) => find(entries, tag) === undefined)
      .map(([tag, bits]) => `${tag}:${textOf(bits)}`),
    ...entries,
  ];
  if (!all.some(isNamed) || find(all, 'mask:') !== undefined) return all.sort();
  const needed = all.filter((entry) => isNamed(entry) || tagOf(entry) === 'group:').map(bitsOf);
  return [...all, `mask::${textOf(needed.reduce((mask, bits) => mask | bits, 0))}`].sort();
};

/** The three entries that every file has. */
export const minimalAcl = (mode: string): Acl => ({ access: completed([], modeBits(mode)), inherited: [] });

/** What chmod(2) makes of an ACL: with a mask, the group digit is the mask. */
const afterChmod = (entries: readonly string[], mode: number): string[] => {
  const group = find(entries, 'mask:') === undefined ? 'group:' : 'mask:';
  const bits = new Map([
    ['user:', mode >> 6],
    [group, mode >> 3],
    ['other:', mode],
  ]);
  return entries.map((entry) => {
    const set = bits.get(tagOf(entry));
    return set === undefined ? entry : `${tagOf(entry)}:${textOf(set)}`;
  });
};

/** The whole access ACL; without a declared one, what is found stays, but for the mode. */
export const accessOf = ({ acl, mode }: Desired, found: Acl): readonly string[] =>
  acl === undefined ? afterChmod(found.access, modeBits(mode)) : completed(acl, modeBits(mode));

/** The whole default ACL, if it is declared. */
export const inheritedOf = (want: Desired): readonly string[] | undefined =>
  want.defaultAcl?.length ? completed(want.defaultAcl, modeBits(want.mode)) : want.defaultAcl;

/** What stat(2) shows: with named entries the group bits are the mask. */
export const statMode = (want: Desired): number => {
  const mode = modeBits(want.mode);
  const mask = want.acl && find(completed(want.acl, mode), 'mask:');
  return mask === undefined ? mode : (mode & 0o7707) | (bitsOf(mask) << 3);
};
