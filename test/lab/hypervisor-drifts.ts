/** What people and programs do to a host over time: each is to be named, by the resource that it is of. */
import { createHash, randomBytes } from 'node:crypto';

interface Drift {
  readonly how: string;
  readonly ref: string;
  /** What the plan says of it. */
  readonly told?: RegExp;
}

const CARD = '/sys/bus/pci/devices/0000:00:12.0';

const DRIFTS: readonly Drift[] = [
  { how: 'echo other > /etc/hostname', ref: 'Hostname[system]' },
  { how: 'sed -i /gateway/d /etc/hosts', ref: 'HostsFile[system]', told: /gateway/ },
  {
    how: 'ln -sf /usr/share/zoneinfo/UTC /etc/localtime',
    ref: 'Timezone[system]',
    told: /UTC → Europe\/Berlin/,
  },
  {
    how: 'sed -i "/^Package: jq$/,/^$/s/install ok installed/install ok unpacked/" /var/lib/dpkg/status',
    ref: 'AptPackage[jq]',
    told: /unconfigured → installed/,
  },
  { how: 'sed -i "s/10.0.0.1/10.0.0.2/" $(grep -rl 10.0.0.1 /etc/chrony)', ref: 'NtpServer[system]' },
  { how: 'sysctl -qw vm.swappiness=60', ref: 'Sysctl[vm.swappiness]', told: /60 → 10/ },
  { how: 'rm $(grep -l ^kernel.panic /etc/sysctl.d/*)', ref: 'Sysctl[kernel.panic]' },
  { how: 'sed -i s/daily/weekly/ /etc/logrotate.d/backup', ref: 'LogRotate[backup]', told: /weekly/ },
  { how: 'echo 100000000 > /sys/module/zfs/parameters/zfs_arc_max', ref: 'ZfsArcMax[system]' },
  { how: 'zpool set autotrim=off tank', ref: 'ZfsPool[tank]', told: /autotrim: off → on/ },
  { how: 'zfs set recordsize=16K tank/media', ref: 'ZfsDataset[tank/media]', told: /recordsize/ },
  { how: 'zfs set quota=none tank/media', ref: 'ZfsDataset[tank/media]', told: /quota/ },
  { how: 'zfs destroy tank/backups', ref: 'ZfsDataset[tank/backups]', told: /create/ },
  { how: 'nft insert rule inet phoenix input tcp dport 9999 accept', ref: 'Firewall[host]' },
  { how: 'exportfs -u 10.0.0.0/24:/tank/media', ref: 'NfsExport[/tank/media]' },
  {
    how: 'sed -i s/rw,/ro,/ /etc/exports.d/phoenix.exports',
    ref: 'NfsExport[/tank/media]',
    told: /^ +-.*\(ro,/m,
  },
  { how: 'systemctl disable -q nfs-server', ref: 'SystemdUnit[nfs-server.service]', told: /enable/ },
  { how: 'rm /etc/nfs.conf.d/phoenix.conf', ref: 'NfsServer[nfs-server]' },
  { how: 'systemctl unmask rpcbind.socket', ref: 'SystemdUnit[rpcbind.socket]', told: /mask/ },
  { how: `echo > ${CARD}/driver_override`, ref: 'VfioBinding[0000:00:12.0]', told: /driver_override/ },
  { how: 'echo loop > /etc/modules-load.d/phoenix-vfio_pci.conf', ref: 'KernelModule[vfio_pci]' },
  {
    how: 'sed -i s/10.0.0.153/10.0.0.99/ $(grep -rl 10.0.0.153 /etc/dnsmasq.d /etc/dnsmasq.phoenix)',
    ref: 'DnsZone[internal.example.net]',
  },
  { how: 'systemctl disable -q --now dnsmasq', ref: 'SystemdUnit[dnsmasq.service]', told: /start/ },
  { how: 'usermod -s /bin/sh heads', ref: 'UnixUser[heads]', told: /shell/ },
  { how: 'gpasswd -d heads media', ref: 'UnixUser[heads]', told: /media/ },
  {
    how: 'sed -i "s/workgroup = HOME/workgroup = OTHER/" /etc/samba/phoenix.conf',
    ref: 'SambaServer[system]',
    told: /workgroup/,
  },
  {
    how: 'sed -i "s/valid users = .*/valid users = heads/" /etc/samba/phoenix.conf',
    ref: 'SambaShare[media]',
    told: /valid users/,
  },
  {
    how: "printf 'other\\nother\\n' | smbpasswd -s phoenix_admin",
    ref: 'SambaUser[phoenix_admin]',
    told: /password: \(secret, changed\)/,
  },
  { how: 'systemctl disable -q --now smbd', ref: 'SystemdUnit[smbd.service]', told: /enable/ },
  { how: 'chmod 0700 /tank/media', ref: 'Directory[/tank/media]', told: /mode/ },
  { how: 'usermod -p "!" phoenix_admin', ref: 'UnixUser[phoenix_admin]', told: /secret, changed/ },
  { how: 'gpasswd -d phoenix_admin adm', ref: 'UnixUser[phoenix_admin]', told: /add phoenix_admin to adm/ },
  { how: ': > ~phoenix_admin/.ssh/authorized_keys', ref: 'AuthorizedKeys[phoenix_admin]' },
  { how: 'rm /etc/sudoers.d/phoenix_admin', ref: 'SudoRule[phoenix_admin]' },
  { how: 'chown heads /srv/shared', ref: 'Directory[/srv/shared]', told: /owner/ },
  { how: 'zfs destroy tank/swap', ref: 'ZfsVolume[tank/swap]', told: /create/ },
  {
    how: 'apparmor_parser -R /etc/apparmor.d/lxc-phoenix-nesting',
    ref: 'AppArmorProfile[lxc-phoenix-nesting]',
  },
  { how: 'rm -r /etc/apparmor.d/tunables/home.d/*phoenix*', ref: 'AppArmorTunable[home]' },
  { how: 'echo hello > /etc/motd', ref: 'File[/etc/motd]', told: /content/ },
  { how: 'chmod 0600 /etc/motd', ref: 'File[/etc/motd]', told: /mode/ },
  {
    how: 'sed -i "s/sleep 60/sleep 6/" /etc/systemd/system/heartbeat.service',
    ref: 'SystemdUnit[heartbeat.service]',
    told: /sleep 6/,
  },
  { how: 'systemctl stop heartbeat', ref: 'SystemdUnit[heartbeat.service]', told: /start/ },
  {
    how: 'ln -sfn /bin/true /usr/local/bin/phoenix',
    ref: 'Symlink[/usr/local/bin/phoenix]',
    told: /\/bin\/true/,
  },
];

/** That of an earlier run is given by PHOENIX_LAB_SEED. */
export const newSeed = (): string => process.env['PHOENIX_LAB_SEED'] ?? randomBytes(4).toString('hex');

export const driftsInOrder = (seed: string): readonly Drift[] =>
  DRIFTS.map((drift) => ({
    drift,
    at: createHash('sha256')
      .update(seed + drift.how)
      .digest('hex'),
  }))
    .sort((a, b) => a.at.localeCompare(b.at))
    .map(({ drift }) => drift);
