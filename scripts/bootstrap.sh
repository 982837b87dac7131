#!/bin/bash
# Makes a bare Debian machine ready for `npm test`, and does nothing, quickly, on a ready one.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { echo "bootstrap: $*" >&2; }
die() { say "$*"; exit 1; }

# Node first: everything else here is TypeScript.
need=20.19.0
have=$(node --version 2>/dev/null | sed 's/^v//') || true
[ -n "$have" ] || die "Node >= $need is needed and there is none: apt-get install nodejs npm (Debian 13), or https://nodejs.org"
if [ "$(printf '%s\n' "$need" "$have" | sort -V | head -1)" != "$need" ]; then
  die "Node >= $need is needed, this is $have: on Debian 12 take Node 20 or 22 from https://nodejs.org"
fi

# npm writes .package-lock.json last, so an interrupted installation is repeated.
installed=node_modules/.package-lock.json
if [ ! -e "$installed" ] || [ package-lock.json -nt "$installed" ]; then
  say 'npm ci'
  npm ci --ignore-scripts --no-audit --no-fund
  touch "$installed"
fi

# Debian 12's own QEMU needs a third more time to emulate than that of its backports. No source of packages stays behind.
emulator_from_backports() {
  grep -q '^VERSION_CODENAME=bookworm$' /etc/os-release || return 0
  say 'QEMU from the backports of Debian 12'
  local parts options
  parts=$(mktemp -d)
  cp /etc/apt/sources.list.d/* "$parts" 2>/dev/null || true
  echo 'deb http://deb.debian.org/debian bookworm-backports main' > "$parts/backports.list"
  options=(-q -o "Dir::Etc::sourceparts=$parts")
  apt-get "${options[@]}" update \
    && apt-get "${options[@]}" install -y --no-install-recommends -t bookworm-backports qemu-system-x86 qemu-utils \
    || say 'the backports are not reached; QEMU 7.2 does too'
  rm -r "$parts"
}

# For the lab (QEMU, the image), for unit tests that ask the real tools (visudo, setpriv, flock, a browser, zsh, bash), for the
# benchmark (time), for the packages (lintian).
packages=(qemu-system-x86 qemu-utils ovmf mmdebstrap debian-archive-keyring e2fsprogs openssh-client util-linux strace
  sudo tar xz-utils ca-certificates time chromium zsh bash-completion lintian)
missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || true
  [ "$status" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  install="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
  [ "$(id -u)" = 0 ] || die "packages are missing, and installing them needs root. Run: sudo sh -c '$install'"
  say "$install"
  export DEBIAN_FRONTEND=noninteractive
  case " ${missing[*]} " in *' qemu-system-x86 '*) emulator_from_backports ;; esac
  apt-get -q update
  apt-get -q install -y --no-install-recommends "${missing[@]}"
fi
