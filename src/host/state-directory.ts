/** Where phoenix keeps what it must remember: root's alone, made when it is first needed. */
import { mkdirSync } from 'node:fs';

export const STATE_DIRECTORY = '/var/lib/phoenix';

/** Makes a folder of the state directory and returns its path. */
export const stateFolder = (state: string, ...names: string[]): string => {
  const path = [state, ...names].join('/');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
};
