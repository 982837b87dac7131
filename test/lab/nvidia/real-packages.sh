#!/bin/bash
# Debian's own driver, installed by phoenix into a root filesystem of the lab that is not started: apt fetches it, DKMS
# builds it natively for the kernel of that root. Needs root, the network, an image of the lab and a bundle
# (npm run lab -- image, npm run build); takes 3 minutes on a quiet machine with two cores, and 3 GB below /var/tmp.
# Prints what the system's own tools say, and fails where that is not what it should be.
set -euo pipefail
here=$(cd "$(dirname "$0")/../../.." && pwd)
cache=${PHOENIX_LAB_CACHE:-$HOME/.cache/phoenix-lab}
suite=${1:-trixie}
if [ "${PHOENIX_OWN_MOUNTS:-}" = '' ]; then
  # everything that is mounted goes with the namespace
  PHOENIX_OWN_MOUNTS=1 exec unshare --mount --propagation private "$0" "$suite"
fi
work=$(mktemp -d /var/tmp/phoenix-nvidia.XXXXXX)
trap 'umount -R "$work/root" 2>/dev/null || true; rm -rf "$work"' EXIT
root="$work/root"
base=$(ls -dt "$cache/image/base-$suite-"* | head -1)
kernel=$(cat "$base/kernel")

mkdir "$root"
tar -C "$root" -xf "$base/root.tar"
# the modules of ZFS have nothing to do with it, and take longer than those of NVIDIA
rm -rf "$root/var/lib/dkms/zfs"
cp /etc/resolv.conf "$root/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 0755 "$root/usr/sbin/policy-rc.d"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sys "$root/sys"
mount --bind /dev "$root/dev"
mkdir -p "$root/opt" "$root/etc/phoenix" "$root/usr/local/bin"
tar -C "$root/opt" -xzf "$here/dist/phoenix.tar.gz" --no-same-owner
install -m 0755 "$(ls -dt "$cache"/image/node-* | head -1)/bin/node" "$root/usr/local/bin/node"
cat > "$root/etc/phoenix/phoenix.yaml" <<'END'
version: 1
nvidia:
  whenAbsent: install
  driver: { packages: [nvidia-kernel-dkms, nvidia-driver, nvidia-smi] }
END
phoenix() { chroot "$root" /opt/phoenix/bin/phoenix "$@"; }
expect() { echo "+ $*"; chroot "$root" "$@"; }

time phoenix setup --yes --no-color
expect dkms status | tee "$work/dkms"
grep -q "^nvidia-current/.*, $kernel, x86_64: installed$" "$work/dkms"
expect modinfo -k "$kernel" nvidia-current | head -7
expect dpkg-query -W nvidia-kernel-dkms nvidia-driver nvidia-smi linux-headers-amd64
expect modprobe --show-depends -S "$kernel" nvidia
lsinitramfs() { chroot "$root" lsinitramfs "/boot/initrd.img-$kernel"; }
lsinitramfs | grep -x etc/modprobe.d/phoenix-nvidia-driver.conf
# nothing to do, and nothing said
said=$(phoenix setup --yes --no-color 2>&1)
[ "$said" = '' ] || { echo "the second run said: $said"; exit 1; }
# the module goes by hand: named, and built again
rm "$root/lib/modules/$kernel/updates/dkms/nvidia-current.ko"*
phoenix setup --check --no-color && exit 1
phoenix setup --yes --no-color
expect dkms status
