#!/bin/bash
# Builds the ZFS modules for the kernel of the base, in a root filesystem of its own: compiler and headers
# stay out of the image, and the result survives a change of the package list.
# In: SUITE COMPONENTS KERNEL, DEBS, OUT (a new folder).
set -euo pipefail
export OUT KERNEL

mmdebstrap --mode=root --variant=apt \
  --components="$COMPONENTS" --include="linux-headers-$KERNEL,zfs-dkms,xz-utils" \
  --skip=essential/unlink --skip=download/empty \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --setup-hook='mkdir -p "$1/var/cache/apt/archives"' \
  --setup-hook='mount --bind "$DEBS" "$1/var/cache/apt/archives"' \
  --customize-hook='umount "$1/var/cache/apt/archives"' \
  --customize-hook='chroot "$1" dkms autoinstall -k "$KERNEL"' \
  --customize-hook='tar -C "$1/lib/modules/$KERNEL" -cf "$OUT/modules.tar" updates' \
  --format=null "$SUITE" - http://deb.debian.org/debian > /dev/null

tar -tf "$OUT/modules.tar" | grep -q 'zfs\.ko'
