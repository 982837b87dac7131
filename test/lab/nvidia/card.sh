#!/bin/bash
# Runs in the guest: a card that is not there, for what reads sysfs and procfs, with a driver that is loaded; and
# stand-ins for its programs. systemd, the unit and its order are real.
set -euo pipefail
devices=/sys/bus/pci/devices
cp -a $devices /root/devices
mount -t tmpfs tmpfs $devices
for one in /root/devices/*; do
  ln -s "../../../$(readlink "$one" | sed 's|^\(\.\./\)*||')" "$devices/$(basename "$one")"
done
mkdir $devices/0000:99:00.0
cd $devices/0000:99:00.0
echo 0x10de > vendor; echo 0x1e84 > device; echo 0x030000 > class; echo '(null)' > driver_override
ln -s ../../drivers/nvidia driver
mount -t tmpfs tmpfs /proc/driver
mkdir /proc/driver/nvidia
printf 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.1  Mon Apr  7 01:13:12 UTC 2025\n' > /proc/driver/nvidia/version

cat > /usr/bin/nvidia-modprobe <<'END'
#!/bin/sh
echo "$*" >> /root/modprobed
case " $* " in
  *' -u '*) [ -e /dev/nvidia-uvm ] || mknod /dev/nvidia-uvm c 510 0 ;;
  *) for node in nvidiactl nvidia0; do [ -e /dev/$node ] || mknod /dev/$node c 195 0; done ;;
esac
END
cat > /usr/bin/nvidia-smi <<'END'
#!/bin/sh
if [ -e /root/lost ]; then
  echo 'Unable to determine the device handle for GPU0000:99:00.0: GPU is lost.  Reboot the system to recover this GPU'
  exit 15
fi
case "$1" in
  -L) echo 'GPU 0: NVIDIA GeForce RTX 2080 (UUID: GPU-0)' ;;
  -pm) touch /root/persistent ;;
  *) [ -e /root/persistent ] && echo '00000000:99:00.0, Enabled' || echo '00000000:99:00.0, Disabled' ;;
esac
END
chmod 0755 /usr/bin/nvidia-modprobe /usr/bin/nvidia-smi
