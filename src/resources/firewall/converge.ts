import type { Host } from '../../host/host.ts';
import { apply, loadAtBoot, remove, systemctl } from './nftables/converge-nftables.ts';
import { writeProxmox } from './proxmox/converge-proxmox.ts';
import { restore } from './restore.ts';
import type { FirewallOp } from './schema.ts';

const PROXMOX = 'pve-firewall.service';

export const converge = async (op: FirewallOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'apply':
      await apply(host, op.text);
      return;
    case 'load-at-boot':
      await loadAtBoot(host);
      return;
    case 'remove':
      await remove(host);
      return;
    case 'write-proxmox':
      await writeProxmox(host, op.files);
      return;
    case 'start-proxmox':
      await systemctl(host, 'start', '--', PROXMOX);
      return;
    case 'stop-proxmox':
      await systemctl(host, 'stop', '--', PROXMOX);
      return;
    case 'restore':
      await restore(host, op);
      return;
  }
};
