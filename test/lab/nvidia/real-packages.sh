#!/bin/bash
# Debian's own driver, installed by phoenix into a root filesystem of the lab that is not started: apt fetches it, DKMS
# builds it natively for the kernel of that root. Needs root, the network, an image of the lab and a bundle
# (npm run lab -- image, npm run build); takes 4 minutes of processor time, and 3 GB below /var/tmp.
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
# nothing is removed while something is mounted there, and nothing of the host's is mounted there at all
leave() {
  for place in dev sys proc; do umount "$work/root/$place" || true; done
  if grep -q " $work/" /proc/self/mountinfo; then
    echo "left as it is, something is mounted there: $work" >&2
  else
    rm -rf --one-file-system "$work"
  fi
}
trap leave EXIT
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
mount -t tmpfs -o mode=0755 tmpfs "$root/dev"
for node in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0; do
  IFS=: read -r name major minor <<< "$node"
  mknod -m 0666 "$root/dev/$name" c "$major" "$minor"
done
ln -s /proc/self/fd "$root/dev/fd"
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
