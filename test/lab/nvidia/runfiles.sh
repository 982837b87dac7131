#!/bin/bash
# Runs in the guest, after packages.sh: stand-ins for NVIDIA's installer, and a server for them.
#   580.1.run    can be built
#   590.1.run    cannot, and takes the old driver away before it finds out
# They know the options of the real one that phoenix uses. What they are asked is in /root/asked.
set -euo pipefail
mkdir -p /srv/runfiles
for version in 580.1 590.1; do
  { echo '#!/bin/sh'; echo "version=$version"; cat <<'END'; } > /srv/runfiles/$version.run
set -e
echo "$version $*" >> /root/asked
kernel= target= extract= help=
while [ $# -gt 0 ]; do
  case "$1" in
    --advanced-options) help=yes ;;
    --extract-only) extract=yes ;;
    --target) target=$2; shift ;;
    --kernel-name=*) kernel=${1#*=} ;;
  esac
  shift
done
if [ "$help" ]; then
  printf '  --no-rebuild-initramfs\n  --skip-module-load\n  --allow-installation-with-running-driver\n  --kernel-module-type=TYPE\n'
  exit 0
fi
source=${target:+$target/kernel}
source=${source:-/usr/src/nvidia-$version}
if [ ! "$extract" ] && [ -x /usr/bin/nvidia-uninstall ]; then nvidia-uninstall --silent; fi
mkdir -p "$source"
cat > "$source/dkms.conf" <<CONF
PACKAGE_NAME="nvidia"
PACKAGE_VERSION="$version"
BUILT_MODULE_NAME[0]="nvidia"
DEST_MODULE_LOCATION[0]="/updates/dkms"
MAKE[0]="make modules"
CLEAN="true"
AUTOINSTALL="yes"
CONF
printf '.section .modinfo,"a"\n.asciz "version=%s"\n.asciz "license=NVIDIA"\n' "$version" > "$source/nvidia.S"
if [ "$version" = 590.1 ]; then build='echo "error: this kernel is too old"; exit 1'; else build='as -o nvidia.ko nvidia.S'; fi
printf 'modules:\n\t%s\n' "$build" > "$source/Makefile"
[ ! "$extract" ] || exit 0
dkms install -m nvidia -v "$version" -k "$kernel"
touch "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.$version"
cat > /usr/bin/nvidia-uninstall <<CONF
#!/bin/sh
dkms remove -m nvidia -v $version --all
rm -rf /usr/src/nvidia-$version /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.$version /usr/bin/nvidia-uninstall
CONF
chmod 0755 /usr/bin/nvidia-uninstall
END
done

cat > /root/server.mjs <<'END'
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
createServer((request, response) => {
  appendFileSync('/root/requests', `${request.url} ${request.headers.range ?? 'whole'}\n`);
  const content = readFileSync(`/srv/runfiles${request.url}`);
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': content.length - from,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
  });
  response.end(content.subarray(from));
}).listen(8099, '127.0.0.1');
END
systemd-run --unit=lab-runfiles /usr/local/bin/node /root/server.mjs
for _ in $(seq 100); do curl -fsS -o /dev/null http://127.0.0.1:8099/580.1.run && break; sleep 0.3; done
rm /root/requests
