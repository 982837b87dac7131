/** The NFS server in the running kernel: the files of nfsd(7). */
import type { HostReader } from '../host/host.ts';

export const VERSIONS = ['3', '4.0', '4.1', '4.2'] as const;
export type Version = (typeof VERSIONS)[number];

/** Without NFSv3 there is nobody who asks them (rpc.nfsd(8), rpc.statd(8)). */
export const ONLY_FOR_V3 = ['rpcbind.service', 'rpcbind.socket', 'rpc-statd.service'] as const;

export interface Nfsd {
  readonly threads: number;
  readonly versions: readonly Version[];
  /** Such as `tcp 2049`. */
  readonly ports: readonly string[];
}

export const THREADS = '/proc/fs/nfsd/threads';

/** `+3 +4 +4.1 +4.2`: 4.0 is meant by `+4`, unless there is a `-4.0`. */
const parseVersions = (text: string): Version[] => {
  const words = new Set(text.trim().split(/\s+/));
  return VERSIONS.filter((version) =>
    version === '4.0'
      ? words.has('+4') && !words.has('-4.0')
      : words.has(`+${version}`) && (version === '3' || words.has('+4')),
  );
};

/** Undefined while it does not run. */
export const readNfsd = (host: HostReader): Nfsd | undefined => {
  const threads = Number(host.readFile(THREADS)?.toString() ?? '0');
  if (!Number.isInteger(threads)) throw new Error(`${THREADS}: expected a number`);
  if (threads === 0) return undefined;
  return {
    threads,
    versions: parseVersions(host.readFile('/proc/fs/nfsd/versions')?.toString() ?? ''),
    ports: (host.readFile('/proc/fs/nfsd/portlist')?.toString() ?? '')
      .split('\n')
      .filter((line) => line !== ''),
  };
};
