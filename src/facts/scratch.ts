/** A place for a candidate that a program is to judge by its path: root's alone, and gone after a boot. */
import type { FileMeta, Host } from '../host/host.ts';

const FOLDER = '/run/phoenix-candidate';
const ROOTS_OWN: FileMeta = { mode: 0o700, uid: 0, gid: 0 };
const PRIVATE: FileMeta = { mode: 0o600, uid: 0, gid: 0 };

const clear = (host: Host): void => {
  if (host.lstat(FOLDER) !== undefined) host.removeDirectory(FOLDER, { recursive: true });
};

/** What is left of an earlier run goes first. */
export const withCandidate = async <T>(
  host: Host,
  name: string,
  text: string,
  judge: (path: string) => Promise<T>,
): Promise<T> => {
  clear(host);
  try {
    host.makeDirectory(FOLDER, ROOTS_OWN);
    await host.writeFile(`${FOLDER}/${name}`, text, PRIVATE);
    return await judge(`${FOLDER}/${name}`);
  } finally {
    clear(host);
  }
};
