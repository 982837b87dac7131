/** The steps of `phoenix setup`, in the order that is the product's promise. */
import adminUsers from './admin-users.ts';
import command from './command.ts';
import initial from './initial.ts';
import resourcesList from './resources-list.ts';
import serviceUsers from './service-users.ts';
import sharedResources from './shared-resources.ts';
import zfs from './zfs.ts';
import { apparmor, apparmorTunables, dns, firewall, nfs, nvidia, samba, vfio } from './unavailable.ts';

/** nfs-ready (5) is part of the section `nfs`, nvidia-init (8) of `nvidia`. */
export const STEPS = [
  initial,
  zfs,
  firewall,
  nfs,
  vfio,
  nvidia,
  dns,
  serviceUsers,
  samba,
  adminUsers,
  sharedResources,
  apparmor,
  apparmorTunables,
  resourcesList,
  command,
] as const;
