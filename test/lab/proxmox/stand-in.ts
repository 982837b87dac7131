/** Makes a lab machine answer as a Proxmox VE host would, as far as its public documentation says. */
import { join } from 'node:path';
import type { Machine } from '../machine/machine.ts';

export const LOG = '/var/log/pve-stand-in.log';

/** Debian has no Proxmox VE, and the lab has no network: what is not seen here is said in docs/lab.md. */
export const standInForProxmox = async (machine: Machine): Promise<void> => {
  for (const name of ['pvesm', 'pveum'])
    await machine.copyIn(join(import.meta.dirname, name), `/usr/sbin/${name}`);
  await machine.succeed(
    [
      'chmod 0755 /usr/sbin/pvesm /usr/sbin/pveum',
      'mkdir -p /etc/pve/nodes/lab/qemu-server /etc/pve/nodes/lab/lxc /etc/pve/priv',
      'echo "{}" > /etc/pve/.version',
    ].join(' && '),
  );
};
