import type { HostReader } from '../../host/host.ts';
import type { Actual } from './schema.ts';

export const HOSTNAME = '/etc/hostname';
export const HOSTS = '/etc/hosts';
export const KERNEL_HOSTNAME = '/proc/sys/kernel/hostname';

/** The first line that is no comment (hostname(5)). */
const nameIn = (content: string | undefined): string | undefined =>
  content
    ?.split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('#'));

export const persistedName = (host: HostReader): string | undefined =>
  nameIn(host.readFile(HOSTNAME)?.toString());

export const liveName = (host: HostReader): string | undefined =>
  nameIn(host.readFile(KERNEL_HOSTNAME)?.toString());

/** Guests are kept below the name of their node: after a renaming they would belong to a node that is not there. */
const guestsOf = (host: HostReader, node: string): string[] =>
  ['qemu-server', 'lxc']
    .map((folder) => `/etc/pve/nodes/${node}/${folder}`)
    .flatMap((folder) =>
      (host.readDirectory(folder) ?? [])
        .filter((file) => file.endsWith('.conf'))
        .map((file) => `${folder}/${file}`),
    );

export const readNames = (host: HostReader): Actual => {
  const persisted = persistedName(host);
  const live = liveName(host);
  const hosts = host.readFile(HOSTS)?.toString();
  const nodes = new Set([persisted, live].filter((name) => name !== undefined));
  return {
    ...(persisted === undefined ? {} : { persisted }),
    ...(live === undefined ? {} : { live }),
    ...(hosts === undefined ? {} : { hosts }),
    proxmox: host.lstat('/etc/pve') !== undefined,
    cluster: host.lstat('/etc/pve/corosync.conf') !== undefined,
    guests: [...nodes].flatMap((node) => guestsOf(host, node)),
  };
};
