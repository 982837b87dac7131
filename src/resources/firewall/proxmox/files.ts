/** Where Proxmox VE keeps the rules: of the whole datacenter, and of this node (pve-firewall(8)). */
import type { HostReader } from '../../../host/host.ts';

export const clusterPath = '/etc/pve/firewall/cluster.fw';
export const hostPath = (node: string): string => `/etc/pve/nodes/${node}/host.fw`;

/** The cluster filesystem has a symlink to what belongs to the node that it runs on. */
export const nodeOf = (host: HostReader): string => {
  const target = host.lstat('/etc/pve/local')?.target ?? '';
  const node = /^nodes\/([A-Za-z0-9-]+)$/.exec(target)?.[1];
  if (node === undefined)
    throw new Error(`expected /etc/pve/local to be a symlink to nodes/NAME, found "${target}"`);
  return node;
};
