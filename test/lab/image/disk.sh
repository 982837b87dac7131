#!/bin/bash
# Makes the bootable disk: base + modules + overlay + the local apt archive, as a raw sparse file.
# In: BASE MODULES KERNEL NODE (a folder with bin/node), HERE (the folder of this script), OUT (a new folder).
set -euo pipefail

root="$OUT/root"
mkdir "$root"
tar -C "$root" -xf "$BASE/root.tar"
tar -C "$root/lib/modules/$KERNEL" -xf "$MODULES/modules.tar"
rm -f "$root/etc/apt/sources.list" "$root"/etc/apt/sources.list.d/*
cp -r --no-preserve=ownership "$HERE/overlay/." "$root/"
install -m 0755 "$NODE/bin/node" "$root/usr/local/bin/node"

ssh-keygen -q -t ed25519 -N '' -C lab -f "$OUT/id"
rm -f "$root"/etc/ssh/ssh_host_*
ssh-keygen -q -t ed25519 -N '' -C lab -f "$root/etc/ssh/ssh_host_ed25519_key"
sed 's/^/lab /' "$root/etc/ssh/ssh_host_ed25519_key.pub" > "$OUT/known_hosts"
install -D -m 0600 "$OUT/id.pub" "$root/root/.ssh/authorized_keys"

install -m 0755 "$HERE/apt-archive.sh" "$root/root/apt-archive.sh"
chroot "$root" /root/apt-archive.sh
rm "$root/root/apt-archive.sh"

# The mount is in the namespace of this build, and ends with it.
mount -t proc proc "$root/proc"

# Installed, but for the tests to switch on; and nothing that wakes up by itself.
for unit in dnsmasq.service smbd.service nmbd.service samba-ad-dc.service nfs-server.service \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer; do
  if [ -e "$root/lib/systemd/system/$unit" ]; then chroot "$root" systemctl --quiet disable "$unit"; fi
done
chroot "$root" depmod "$KERNEL"
chroot "$root" update-initramfs -u -k "$KERNEL"
umount "$root/proc"
# Spares the boot the work that systemd does after a change of /usr, such as ldconfig.
touch "$root/etc/.updated" "$root/var/.updated"

cp "$root/boot/vmlinuz-$KERNEL" "$OUT/vmlinuz"
cp "$root/boot/initrd.img-$KERNEL" "$OUT/initrd"
mke2fs -q -t ext4 -L lab -E lazy_itable_init=1,lazy_journal_init=1 -d "$root" "$OUT/disk.raw" 6G
rm -rf "$root"
