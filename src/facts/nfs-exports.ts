/** What the NFS server offers: the table that exportfs(8) keeps and rpc.mountd(8) answers the kernel from. */
import type { FileFact } from '../host/host.ts';
import { unescapeOctal } from './octal.ts';

/** One client of one exported directory. */
export interface Offered {
  readonly path: string;
  readonly client: string;
  /** All of them, with the defaults, as exportfs wrote them. */
  readonly options: readonly string[];
}

const parseLine = (line: string): Offered => {
  const [, path, client, options] = /^([^\t]+)\t([^\t(]+)\((.*)\)$/.exec(line) ?? [];
  if (path === undefined || client === undefined || options === undefined)
    throw new Error(`/var/lib/nfs/etab: not a line of it: "${line}"`);
  return { path: unescapeOctal(path), client, options: options.split(',') };
};

/** Empty before the first export: then there is no file. */
export const etab: FileFact<readonly Offered[]> = {
  name: 'nfs-etab',
  path: '/var/lib/nfs/etab',
  absent: [],
  parse: (content) =>
    content
      .split('\n')
      .filter((line) => line !== '')
      .map(parseLine),
};
