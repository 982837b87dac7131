#!/bin/bash
# Makes the bootable disk: base + modules + overlay + the local apt archive, as a raw sparse file.
# In: BASE MODULES KERNEL NODE (a folder with bin/node, or empty), HERE (the folder of this script), OUT (a new folder).
set -euo pipefail

root="$OUT/root"
mkdir "$root"
tar -C "$root" -xf "$BASE/root.tar"
tar -C "$root/lib/modules/$KERNEL" -xf "$MODULES/modules.tar"
rm -f "$root/etc/apt/sources.list" "$root"/etc/apt/sources.list.d/*
cp -r --no-preserve=ownership "$HERE/overlay/." "$root/"
if [ -n "$NODE" ]; then install -m 0755 "$NODE/bin/node" "$root/usr/local/bin/node"; fi

ssh-keygen -q -t ed25519 -N '' -C lab -f "$OUT/id"
rm -f "$root"/etc/ssh/ssh_host_*
ssh-keygen -q -t ed25519 -N '' -C lab -f "$root/etc/ssh/ssh_host_ed25519_key"
sed 's/^/lab /' "$root/etc/ssh/ssh_host_ed25519_key.pub" > "$OUT/known_hosts"
install -D -m 0600 "$OUT/id.pub" "$root/root/.ssh/authorized_keys"

install -m 0755 "$HERE/apt-archive.sh" "$root/root/apt-archive.sh"
chroot "$root" /root/apt-archive.sh
rm "$root/root/apt-archive.sh"

# Installed, but for the tests to switch on; and nothing that wakes up by itself.
chroot "$root" systemctl --quiet disable \
  dnsmasq smbd nmbd samba-ad-dc nfs-server apt-daily.timer apt-daily-upgrade.timer \
  dpkg-db-backup.timer e2scrub_all.timer fstrim.timer
chroot "$root" systemctl --quiet mask e2scrub_reap.service
chroot "$root" depmod "$KERNEL"
chroot "$root" update-initramfs -u -k "$KERNEL"

cp "$root/boot/vmlinuz-$KERNEL" "$OUT/vmlinuz"
cp "$root/boot/initrd.img-$KERNEL" "$OUT/initrd"
mke2fs -q -t ext4 -L lab -E lazy_itable_init=1,lazy_journal_init=1 -d "$root" "$OUT/disk.raw" 6G
rm -rf "$root"
