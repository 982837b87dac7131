/** What is mounted where (proc_pid_mountinfo(5)). */
import type { FileFact } from '../../host/host.ts';

export interface Mount {
  readonly at: string;
  readonly type: string;
  /** A device, or the name of a dataset. */
  readonly source: string;
}

/** Blanks and backslashes are in octal, byte by byte. */
const unescape = (field: string): string =>
  field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

const parseLine = (line: string): Mount => {
  const [before = '', after = ''] = line.split(' - ');
  const at = before.split(' ')[4];
  const [type, source] = after.split(' ');
  if (at === undefined || type === undefined || source === undefined)
    throw new Error(`/proc/self/mountinfo: not a line of it: "${line}"`);
  return { at: unescape(at), type, source: unescape(source) };
};

export const mountTable: FileFact<readonly Mount[]> = {
  name: 'mounts for shares',
  path: '/proc/self/mountinfo',
  absent: [],
  parse: (content) =>
    content
      .split('\n')
      .filter((line) => line !== '')
      .map(parseLine),
};
