/** Who would lose an export: NFSv4 clients that the kernel knows, and what NFSv3 clients said when they mounted. */
import type { HostReader } from '../../host/host.ts';

const CLIENTS = '/proc/fs/nfsd/clients';

/** `address: "10.0.0.2:789"`, Documentation/filesystems/nfs/ of the kernel has no more of it. */
const addressIn = (info: string): string | undefined =>
  /^address: "?(.+?)"?$/m.exec(info)?.[1]?.replace(/:\d+$/, '');

/** Open files, locks and delegations on one filesystem, by its device number in hexadecimal. */
const statesOn = (states: string, device: string): number => {
  const [major = '', minor = ''] = device
    .split(':')
    .map((part) => Number(part).toString(16).padStart(2, '0'));
  return states.split('\n').filter((line) => line.includes(`superblock: "${major}:${minor}:`)).length;
};

const fourthVersion = (host: HostReader, device: string | undefined): string[] =>
  (host.readDirectory(CLIENTS) ?? []).flatMap((id) => {
    const address = addressIn(host.readFile(`${CLIENTS}/${id}/info`)?.toString() ?? '');
    if (address === undefined) return [];
    const states = host.readFile(`${CLIENTS}/${id}/states`)?.toString() ?? '';
    const open = device === undefined ? 0 : statesOn(states, device);
    return [open === 0 ? `${address} (NFSv4)` : `${address} (NFSv4, ${open} open files or locks there)`];
  });

/** `client:path:count`; a client that vanished stays there, rpc.mountd(8). */
const thirdVersion = (host: HostReader, path: string): string[] =>
  (host.readFile('/var/lib/nfs/rmtab')?.toString() ?? '').split('\n').flatMap((line) => {
    const [, client, mounted] = /^(.+):(\/.*):0x[0-9a-f]+$/.exec(line) ?? [];
    return client !== undefined && mounted === path ? [`${client} (NFSv3)`] : [];
  });

export const holdersOf = (host: HostReader, path: string, device: string | undefined): string[] =>
  [...new Set([...fourthVersion(host, device), ...thirdVersion(host, path)])].sort();
