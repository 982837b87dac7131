import { accessSync, constants } from 'node:fs';

/** Where programs are looked for: fixed, whatever PATH we were started with (a daemon's or sudo's often lacks sbin). */
export const PROGRAM_PATH = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'] as const;

const found = new Map<string, string>();

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The absolute path of a program; undefined if it is not installed. A hit is remembered, a miss is not: it may be installed later in the run. */
export const findProgram = (name: string): string | undefined => {
  const known = found.get(name);
  if (known !== undefined) return known;
  if (!/^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(name)) throw new Error(`not a program name: "${name}"`);
  const path = PROGRAM_PATH.map((folder) => `${folder}/${name}`).find(isExecutable);
  if (path !== undefined) found.set(name, path);
  return path;
};
