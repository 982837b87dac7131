/** Paths as the manifest writes them, and what lies above a path. */
import { z } from 'zod';
import { refOf, type Ref } from '../engine/resource-type.ts';

const isNormal = (path: string): boolean =>
  path === '/' || (!path.endsWith('/') && !path.includes('//') && !/\/\.\.?(\/|$)/.test(path));

/** Absolute, without `.`, `..`, doubled or trailing slashes and control characters: one path has one spelling. */
export const absolutePath = z
  .string()
  .regex(/^\/[^\0-\x1f\x7f]*$/, 'expected an absolute path without control characters')
  .max(4095)
  .refine(isNormal, 'expected a path without `.`, `..`, `//` or a trailing slash');

/** The directories above a path, nearest first, without the root. */
export const parentsOf = (path: string): string[] => {
  const parents: string[] = [];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
    parents.push(path.slice(0, end));
  return parents;
};

/** What a path needs to stand before it: the directories and symlinks above it, as far as they are managed. */
export const parentRefs = (path: string): Ref[] =>
  parentsOf(path).flatMap((parent) => [refOf('Directory', parent), refOf('Symlink', parent)]);
