#!/bin/bash
# Makes the root filesystem of the lab as a tar, from the distribution's archive.
# In: SUITE COMPONENTS PACKAGES (comma separated), DEBS (downloads kept across builds), OUT (a new folder).
set -euo pipefail

# The bind mount keeps every .deb that was downloaded, even when the build stops half way.
# initramfs: a list of modules instead of "most" makes each update-initramfs 10 times faster under emulation.
mmdebstrap --mode=root --variant=apt \
  --components="$COMPONENTS" --include="$PACKAGES" \
  --skip=essential/unlink --skip=download/empty \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/info/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --setup-hook='mkdir -p "$1/var/cache/apt/archives" "$1/etc/initramfs-tools/conf.d"' \
  --setup-hook='mount --bind "$DEBS" "$1/var/cache/apt/archives"' \
  --setup-hook='echo MODULES=list > "$1/etc/initramfs-tools/conf.d/lab"' \
  --customize-hook='umount "$1/var/cache/apt/archives"' \
  "$SUITE" "$OUT/root.tar" http://deb.debian.org/debian

# The versions that decide which ZFS modules fit.
dpkg=$(mktemp)
trap 'rm -f "$dpkg"' EXIT
tar -xOf "$OUT/root.tar" ./var/lib/dpkg/status > "$dpkg"
sed -n 's/^Package: linux-image-\([0-9].*\)$/\1/p' "$dpkg" | head -1 > "$OUT/kernel"
sed -n '/^Package: zfsutils-linux$/,/^$/s/^Version: //p' "$dpkg" > "$OUT/zfs"
test -s "$OUT/kernel"
test -s "$OUT/zfs"
