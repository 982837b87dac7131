/** Makes a lab machine answer as a Proxmox VE host would, as far as its public documentation says. */
import { join } from 'node:path';
import type { Machine } from '../machine/machine.ts';

export const LOG = '/var/log/pve-stand-in.log';

/** What is filtered is nobody's business here: only whether the daemon runs. */
const FIREWALL_UNIT =
  '[Service]\\nType=oneshot\\nRemainAfterExit=yes\\nExecStart=/usr/bin/touch /run/pve-firewall-stand-in\\nExecStop=/usr/bin/rm /run/pve-firewall-stand-in\\n';

/** Debian has no Proxmox VE, and the lab has no network: what is not seen here is said in docs/lab.md. */
export const standInForProxmox = async (machine: Machine): Promise<void> => {
  for (const name of ['pvesm', 'pveum', 'pve-firewall'])
    await machine.copyIn(join(import.meta.dirname, name), `/usr/sbin/${name}`);
  await machine.succeed(
    [
      'chmod 0755 /usr/sbin/pvesm /usr/sbin/pveum /usr/sbin/pve-firewall',
      'mkdir -p /etc/pve/nodes/lab/qemu-server /etc/pve/nodes/lab/lxc /etc/pve/priv /etc/pve/firewall',
      'ln -s nodes/lab /etc/pve/local',
      `printf '${FIREWALL_UNIT}' > /run/systemd/system/pve-firewall.service`,
      'systemctl daemon-reload && systemctl start pve-firewall.service',
      'echo "{}" > /etc/pve/.version',
    ].join(' && '),
  );
};
