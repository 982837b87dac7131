import type { FileMeta, Host } from '../../host/host.ts';
import { HOSTNAME, HOSTS, KERNEL_HOSTNAME, liveName, persistedName } from './facts.ts';
import { editHosts } from './hosts-file.ts';
import type { HostnameOp } from './schema.ts';

const metaOf = (host: Host, path: string): FileMeta => {
  const { mode, uid, gid } = host.lstat(path) ?? { mode: 0o644, uid: 0, gid: 0 };
  return { mode, uid, gid };
};

/**
 * The file and the kernel, which is what hostnamectl writes: that needs D-Bus, and makes a name that it does not like
 * into another without a word (systemd 257).
 */
const rename = async (name: string, host: Host): Promise<void> => {
  if (persistedName(host) !== name) await host.writeFile(HOSTNAME, `${name}\n`, metaOf(host, HOSTNAME));
  if (liveName(host) === name) return;
  host.writeKernel(KERNEL_HOSTNAME, name);
  const live = liveName(host);
  if (live !== name)
    throw new Error(`${KERNEL_HOSTNAME}: the kernel has ${live ?? 'nothing'} after ${name} was written`);
};

export const converge = async (op: HostnameOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'hosts': {
      const hosts = host.readFile(HOSTS)?.toString() ?? '';
      await host.writeFile(HOSTS, editHosts(hosts, op), metaOf(host, HOSTS));
      return;
    }
    case 'restore-hosts':
      await host.restoreFile(HOSTS, op.sha256, metaOf(host, HOSTS));
      return;
    case 'rename':
      await rename(op.name, host);
      return;
  }
};
