const BOOT = [
  'systemd-sysv',
  'dbus',
  'udev',
  'kmod',
  'initramfs-tools',
  'zstd',
  'linux-image-amd64',
  // Only grub-mkconfig and its checks: the lab boots the kernel directly, there is no boot loader on the disk.
  'grub2-common',
  'grub-pc-bin',
  'qemu-guest-agent',
];

const STORAGE = [
  'zfsutils-linux',
  'zfs-zed',
  // What may already be on a disk that a pool is wanted on.
  'e2fsprogs',
  'xfsprogs',
  'btrfs-progs',
  'cryptsetup-bin',
  'bcache-tools',
  'genisoimage',
  'gdisk',
  'fdisk',
  'lvm2',
  'mdadm',
  'acl',
  'nfs-kernel-server',
  'nfs-common',
  'samba',
  'smbclient',
  'cifs-utils',
];

const NETWORK = [
  'ifupdown2',
  'iproute2',
  'iputils-ping',
  'ethtool',
  'nftables',
  'chrony',
  'dnsmasq',
  'bind9-dnsutils',
  'netcat-openbsd',
  'openssh-server',
  'curl',
];

const SYSTEM = [
  'apparmor',
  'apparmor-utils',
  'bash-completion',
  'ca-certificates',
  'dpkg-dev',
  'file',
  'gpg',
  'jq',
  'less',
  'locales',
  // Also nologin, which is not Essential any more.
  'login',
  'logrotate',
  'lsof',
  'openssl',
  'pciutils',
  'procps',
  'psmisc',
  'strace',
  'sudo',
  'tzdata',
];

export const COMPONENTS = ['main', 'contrib', 'non-free', 'non-free-firmware'];

export const PACKAGES: readonly string[] = [...BOOT, ...STORAGE, ...NETWORK, ...SYSTEM];
