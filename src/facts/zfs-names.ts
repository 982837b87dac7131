/** Names of datasets (zfs(8), zfsconcepts(7)). */
import { z } from 'zod';
import { refOf, type Ref } from '../engine/resource-type.ts';

const COMPONENT = '[A-Za-z0-9_.:][A-Za-z0-9_.: -]*';
const NAME = new RegExp(`^[A-Za-z][A-Za-z0-9_.: -]*(/${COMPONENT})*$`);

/** What Proxmox VE makes for a guest: it belongs to that guest. */
const GUEST = /^(vm|base|subvol|basevol)-\d+-/;

export const isOfGuest = (name: string): boolean => name.split('/').some((part) => GUEST.test(part));

const isPlain = (name: string): boolean =>
  name.split('/').every((part) => part !== '.' && part !== '..' && !part.endsWith(' '));

export const datasetName = z
  .string()
  .regex(NAME, 'expected a name such as tank/media: no leading dash, no slash at either end')
  .max(255)
  .refine(isPlain, 'expected a name without `.`, `..` or a blank at the end of a part')
  .refine((name) => !isOfGuest(name), {
    error: 'datasets of guests (vm-100-disk-0, subvol-101-disk-0) belong to Proxmox VE and are never touched',
  });

export const poolOf = (name: string): string => name.split('/', 1).join('');

/** Undefined for the root of a pool. */
export const parentOf = (name: string): string | undefined => {
  const slash = name.lastIndexOf('/');
  return slash === -1 ? undefined : name.slice(0, slash);
};

export const isPool = (name: string): boolean => !name.includes('/');

/**
 * The pool and the dataset that another one is in. What is destroyed must not wait for the latter: that one may be
 * destroyed after it.
 */
export const requiredBy = ({ name, ensure }: { name: string; ensure: 'present' | 'absent' }): Ref[] => {
  const parent = parentOf(name);
  return [
    refOf('ZfsPool', poolOf(name)),
    ...(parent === undefined || ensure === 'absent' ? [] : [refOf('ZfsDataset', parent)]),
  ];
};
