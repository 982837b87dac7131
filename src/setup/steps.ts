/** The steps of `phoenix setup`, in the order that is the product's promise. */
import { apparmor, apparmorTunables } from './apparmor.ts';
import adminUsers from './admin-users.ts';
import command from './command.ts';
import dns from './dns.ts';
import firewall from './firewall.ts';
import initial from './initial.ts';
import { nfs, ready as nfsReady } from './nfs.ts';
import resourcesList from './resources-list.ts';
import samba from './samba.ts';
import serviceUsers from './service-users.ts';
import sharedResources from './shared-resources.ts';
import zfs from './zfs.ts';
import { driver as nvidiaDriver, init as nvidiaInit } from './nvidia.ts';
import vfio from './vfio.ts';

/** nfs-ready (5) is of the section `nfs`, as nvidia-init (8) is of `nvidia`. */
export const STEPS = [
  initial,
  zfs,
  firewall,
  nfs,
  nfsReady,
  vfio,
  nvidiaDriver,
  nvidiaInit,
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
