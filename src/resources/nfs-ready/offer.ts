/** Whether a client that asks now would be answered. */
import { isHostName, normalClient } from '../../facts/nfs-client.ts';
import { etab, type Offered } from '../../facts/nfs-exports.ts';
import { readNfsd, type Nfsd } from '../../facts/nfsd.ts';
import type { CommandFact, HostReader } from '../../host/host.ts';
import type { Exported } from './schema.ts';

/** What is still missing, and why; nothing if all is offered. */
export interface Shortfall {
  /** Undefined: the server as a whole answers. */
  readonly server?: string;
  /** Exports that are not in its table. */
  readonly missing: readonly string[];
}

interface Answer {
  readonly code: number;
  readonly said: string;
}

const question = (program: string, args: readonly string[]): CommandFact<Answer | undefined> => ({
  name: [program, ...args].join(' '),
  command: { program, args, okCodes: [0, 1], timeout: 10_000 },
  absent: undefined,
  parse: (stdout, { code, stderr }) => ({ code, said: (code === 0 ? stdout : stderr || stdout).trim() }),
});

/** mountd's own list, by way of rpcbind, as an NFSv3 client asks. */
const MOUNTD = question('showmount', ['--exports', '--no-headers', '127.0.0.1']);

/**
 * A call of no effect to NFSv4 on port 2049, without rpcbind. A mount of the pseudo root would prove more, but it is
 * answered only where some export includes 127.0.0.1 (Linux 6.12, nfs-utils 2.8).
 */
const nfsd4 = (port: number): CommandFact<Answer | undefined> =>
  question('rpcinfo', ['-a', `127.0.0.1.${port >> 8}.${port & 255}`, '-T', 'tcp', '100003', '4']);

/** The processes of rpc.mountd: without it the kernel has nobody to ask, and clients hang. */
const MOUNTD_PROCESSES = '/sys/fs/cgroup/system.slice/nfs-mountd.service/cgroup.procs';

const isOffered = (offered: readonly Offered[], path: string, client: string): boolean =>
  offered.some(
    (one) =>
      one.path === path &&
      // A host name is in the table under the name that the resolver gave it.
      (normalClient(one.client) === normalClient(client) || (isHostName(client) && isHostName(one.client))),
  );

const missingOf = (exports: readonly Exported[], offered: readonly Offered[]): string[] =>
  exports.flatMap(({ path, clients }) => {
    const missing = clients.filter((client) => !isOffered(offered, path, client));
    return missing.length === 0 ? [] : [`${path} to ${missing.join(', ')}`];
  });

/** From the kernel and the files: no process. */
const silentReason = (host: HostReader, nfsd: Nfsd | undefined): string | undefined => {
  if (nfsd === undefined) return 'the NFS server does not run (no threads in /proc/fs/nfsd/threads)';
  if (!nfsd.ports.some((port) => port.startsWith('tcp ')))
    return 'the NFS server does not listen (no TCP port in /proc/fs/nfsd/portlist)';
  if ((host.readFile(MOUNTD_PROCESSES)?.toString() ?? '').trim() === '')
    return 'rpc.mountd does not run (nfs-mountd.service)';
  return undefined;
};

const portOf = ({ ports }: Nfsd): number =>
  Number(ports.find((one) => one.startsWith('tcp '))?.split(' ')[1] ?? 2049);

/** Paths that mountd did not name. Its lines have the path, blanks, and the clients. */
const unlisted = (exports: readonly Exported[], said: string): string[] => {
  const lines = said.split('\n');
  return exports
    .map(({ path }) => path)
    .filter((path) => !lines.some((line) => line === path || line.startsWith(`${path} `)));
};

/** With NFSv3 mountd is asked for the list; without it, it has no list to give. */
const ask = async (
  host: HostReader,
  nfsd: Nfsd,
  exports: readonly Exported[],
): Promise<string | undefined> => {
  const third = nfsd.versions.includes('3');
  const answer = await host.fact(third ? MOUNTD : nfsd4(portOf(nfsd)));
  if (answer === undefined) return `${third ? 'showmount' : 'rpcinfo'} is not installed`;
  if (answer.code !== 0) return `${third ? 'rpc.mountd' : 'NFSv4'} does not answer: ${answer.said}`;
  const silent = third ? unlisted(exports, answer.said) : [];
  return silent.length === 0 ? undefined : `rpc.mountd does not list ${silent.join(', ')}`;
};

export const shortfallOf = async (
  host: HostReader,
  exports: readonly Exported[],
): Promise<Shortfall | undefined> => {
  const nfsd = readNfsd(host);
  const missing = missingOf(exports, await host.fact(etab));
  const silent = silentReason(host, nfsd);
  if (silent !== undefined || nfsd === undefined) return { ...(silent && { server: silent }), missing };
  if (missing.length > 0) return { missing };
  const server = await ask(host, nfsd, exports);
  return server === undefined ? undefined : { server, missing };
};

export const tell = ({ server, missing }: Shortfall): string =>
  [
    ...(server === undefined ? [] : [server]),
    ...(missing.length === 0 ? [] : [`not offered: ${missing.join('; ')}`]),
  ].join('; ');
