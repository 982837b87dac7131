#!/bin/bash
# Runs in the guest: packages with the names of Debian's, for a kernel that boots next and is not the running one.
# DKMS and apt are real; the module is an object file with nothing but what modinfo(8) reads (there is no compiler).
#   nvidia-kernel-dkms 550.1-1, 560.1-1    the source of the modules, with the scripts that dh_dkms makes
#   nvidia-kernel-dkms 570.1-1             as above, and cannot be built
#   nvidia-smi of each version             the program (no card: it answers as the real one), and its library
#   linux-headers-9.9.9-lab                what DKMS looks for; linux-headers-amd64 depends on it
set -euo pipefail
kernel=9.9.9-lab
archive=/srv/apt
work=$(mktemp -d)

package() { # NAME VERSION [CONTROL LINE]...
  tree="$work/$1-$2"
  mkdir -p "$tree/DEBIAN"
  { printf 'Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: lab <lab@example.net>\n' "$1" "$2"
    if [ $# -gt 2 ]; then printf '%s\n' "${@:3}"; fi
    printf 'Description: stand-in of the phoenix lab\n'; } > "$tree/DEBIAN/control"
}
script() { printf '#!/bin/sh\nset -e\n%s\n' "$2" > "$tree/DEBIAN/$1"; chmod 0755 "$tree/DEBIAN/$1"; }
pack() { dpkg-deb --root-owner-group -Znone --build "$tree" "$archive" > /dev/null; }

package linux-headers-$kernel 1
mkdir -p "$tree/usr/src/linux-headers-$kernel/include" "$tree/lib/modules/$kernel"
touch "$tree/usr/src/linux-headers-$kernel/.config"
ln -s "/usr/src/linux-headers-$kernel" "$tree/lib/modules/$kernel/build"
pack
package linux-headers-amd64 1 "Depends: linux-headers-$kernel"
pack

for version in 550.1 560.1 570.1; do
  package nvidia-kernel-dkms $version-1 'Depends: dkms'
  source="$tree/usr/src/nvidia-current-$version"
  mkdir -p "$source"
  cat > "$source/dkms.conf" <<END
PACKAGE_NAME="nvidia-current"
PACKAGE_VERSION="$version"
BUILT_MODULE_NAME[0]="nvidia"
DEST_MODULE_NAME[0]="nvidia-current"
DEST_MODULE_LOCATION[0]="/updates/dkms"
MAKE[0]="make nvidia.ko"
CLEAN="true"
AUTOINSTALL="yes"
END
  printf '.section .modinfo,"a"\n.asciz "version=%s"\n.asciz "license=NVIDIA"\n.asciz "vermagic=%s SMP"\n' \
    $version $kernel > "$source/nvidia.S"
  if [ $version = 570.1 ]; then build='@echo "error: this kernel is too new" >\&2; exit 1'; else build='as -o nvidia.ko nvidia.S'; fi
  printf 'nvidia.ko:\n\t%s\n' "$build" | sed 's/\\&/\&/' > "$source/Makefile"
  script postinst "[ \"\$1\" != configure ] || /usr/lib/dkms/common.postinst nvidia-current $version /usr/share/nvidia-kernel-dkms '' \"\$2\""
  script prerm "dkms remove -m nvidia-current -v $version --all --rpm_safe_upgrade || true"
  pack

  package nvidia-smi $version-1
  mkdir -p "$tree/usr/bin" "$tree/usr/lib/x86_64-linux-gnu/nvidia/current"
  touch "$tree/usr/lib/x86_64-linux-gnu/nvidia/current/libnvidia-ml.so.$version"
  printf '#!/bin/sh\necho "NVIDIA-SMI has failed because it couldn'"'"'t communicate with the NVIDIA driver."\nexit 9\n' > "$tree/usr/bin/nvidia-smi"
  chmod 0755 "$tree/usr/bin/nvidia-smi"
  pack
done
rm -rf "$work"
cd "$archive"
dpkg-scanpackages --multiversion . > Packages 2>/dev/null

# A kernel that boots next. It has a module of its own: where DKMS takes away the last one, it takes the kernel for gone.
mkdir -p /lib/modules/$kernel/kernel
printf '.section .modinfo,"a"\n.asciz "license=GPL"\n' | as -o /lib/modules/$kernel/kernel/lab.ko -
touch /lib/modules/$kernel/modules.{order,builtin,builtin.modinfo}
depmod $kernel
running=$(uname -r)
if [ -e "/boot/vmlinuz-$running" ]; then
  cp "/boot/config-$running" /boot/config-$kernel
  mv "/boot/vmlinuz-$running" /boot/vmlinuz-$kernel
fi

# An initramfs takes minutes of emulation, and vfio.lab.ts has a real one: here it is the list of what goes in.
cat > /usr/sbin/update-initramfs <<'END'
#!/bin/sh
for last; do :; done
(cd / && ls -d etc/modprobe.d/* etc/initramfs-tools/scripts/*/*) > "/boot/initrd.img-$last" 2>/dev/null || true
END
cat > /usr/bin/lsinitramfs <<'END'
#!/bin/sh
exec cat "$1"
END
/usr/sbin/update-initramfs -c -k $kernel
