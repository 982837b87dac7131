/** Packages that are never removed, by whatever way apt finds: without them the host does not boot or is out of reach. */
const NAMES: ReadonlySet<string> = new Set([
  'ifupdown2',
  'openssh-server',
  'proxmox-ve',
  'pve-manager',
  'systemd-sysv',
  'zfsutils-linux',
]);
const PREFIXES = ['grub-', 'proxmox-kernel-', 'pve-kernel-'];

export const isProtected = (name: string): boolean =>
  NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix));
