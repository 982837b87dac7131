#!/bin/bash
# Runs inside the image: builds the packages of /srv/apt, the only apt source of the lab (it has no network).
#   phoenix-test-hello 1.0, 1.1     an ordinary package with a new version
#   phoenix-test-conf 1.0, 1.1      a conffile whose default changes between the versions
#   phoenix-test-slow               a postinst of three seconds: time to kill something
#   phoenix-test-broken             a postinst that fails
#   phoenix-test-needs-hello        depends on phoenix-test-hello
set -euo pipefail
archive=/srv/apt
work=$(mktemp -d)
mkdir -p "$archive"

# package NAME VERSION [CONTROL LINE]...: a tree in $tree with its control file
package() {
  tree="$work/$1-$2"
  mkdir -p "$tree/DEBIAN"
  { printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: lab <lab@example.net>\n' "$1" "$2"
    if [ $# -gt 2 ]; then printf '%s\n' "${@:3}"; fi
    printf 'Description: test package of the phoenix lab\n'; } > "$tree/DEBIAN/control"
}
# script NAME BODY: a maintainer script of $tree
script() { printf '#!/bin/sh\nset -e\n%s\n' "$2" > "$tree/DEBIAN/$1"; chmod 0755 "$tree/DEBIAN/$1"; }
pack() { dpkg-deb --root-owner-group --build "$tree" "$archive" > /dev/null; }

for version in 1.0 1.1; do
  package phoenix-test-hello $version
  mkdir -p "$tree/usr/bin"
  printf '#!/bin/sh\necho hello %s\n' $version > "$tree/usr/bin/phoenix-test-hello"
  chmod 0755 "$tree/usr/bin/phoenix-test-hello"
  pack

  package phoenix-test-conf $version
  mkdir -p "$tree/etc"
  echo "default = $version" > "$tree/etc/phoenix-test-conf.conf"
  echo /etc/phoenix-test-conf.conf > "$tree/DEBIAN/conffiles"
  pack
done
package phoenix-test-slow 1.0; script postinst 'sleep 3'; pack
package phoenix-test-broken 1.0; script postinst 'echo "this postinst always fails" >&2; exit 1'; pack
package phoenix-test-needs-hello 1.0 'Depends: phoenix-test-hello'; pack
rm -rf "$work"

cd "$archive"
dpkg-scanpackages --multiversion . > Packages 2>/dev/null
apt-get -q update
