/** What is mounted where, as this process sees it (proc_pid_mountinfo(5)). */
import type { FileFact } from '../host/host.ts';
import { unescapeOctal } from './octal.ts';

export interface Mount {
  readonly path: string;
  /** Type of the filesystem, such as `zfs`. */
  readonly type: string;
  /** A device, or the name of a dataset. */
  readonly source: string;
  /** Major and minor number, as `0:42`. */
  readonly device: string;
}

const parseMount = (line: string): Mount => {
  const [before = '', after = ''] = line.split(' - ');
  const [, , device, , path] = before.split(' ');
  const [type, source] = after.split(' ');
  if (device === undefined || path === undefined || type === undefined || source === undefined)
    throw new Error(`/proc/self/mountinfo: not a line of it: "${line}"`);
  return { path: unescapeOctal(path), type, source: unescapeOctal(source), device };
};

/** In the order in which they were mounted: of two at one path the later one is seen. Undefined without /proc. */
export const mountTable: FileFact<readonly Mount[] | undefined> = {
  name: 'mountinfo',
  path: '/proc/self/mountinfo',
  absent: undefined,
  parse: (content) =>
    content
      .split('\n')
      .filter((line) => line !== '')
      .map(parseMount),
};

/** What is seen at a path: the last mount there. */
export const mountAt = (mounts: readonly Mount[], path: string): Mount | undefined =>
  mounts.findLast((mount) => mount.path === path);
