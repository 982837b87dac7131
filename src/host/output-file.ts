/** A file that the operator asks for, at a place of theirs. */
import { resolve } from 'node:path';
import { replaceFileBesideOthers } from './durable.ts';
import { inParent } from './safe-path.ts';

/** Whole or not at all; through no symlink that an unprivileged user could have planted on the way. */
export const writeOutput = (path: string, text: string, mode: number): void => {
  inParent(resolve(path), (directory, name) => {
    const meta = { mode, uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
    replaceFileBesideOthers(directory, name, Buffer.from(text), meta);
  });
};
