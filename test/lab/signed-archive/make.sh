#!/bin/bash
# Made once: an archive whose only content is its lists, signed by a key that is then thrown away, and a key that signed
# nothing. It is kept as files because the image has no gpg-agent, without which gpg neither makes keys nor signs.
set -euo pipefail
cd "$(dirname "$0")"
GNUPGHOME=$(mktemp -d)
export GNUPGHOME
trap 'rm -rf "$GNUPGHOME"' EXIT
# long past, so that no clock is before it
gpg=(gpg --faked-system-time 20240601T000000 --batch --yes --quiet --passphrase '')
"${gpg[@]}" --quick-gen-key 'phoenix lab archive <lab@example.net>' rsa2048 sign never
"${gpg[@]}" --quick-gen-key 'another key <other@example.net>' ed25519 sign never
{
  printf 'Origin: Lab\nLabel: Lab\nSuite: stable\nCodename: lab\nArchitectures: all amd64\nComponents: main\n'
  printf 'Date: Sat, 01 Jun 2024 00:00:00 +0000\nSHA256:\n'
  for architecture in all amd64; do
    printf ' %s %s main/binary-%s/Packages\n' "$(sha256sum Packages | cut -d' ' -f1)" "$(stat -c %s Packages)" "$architecture"
  done
} | "${gpg[@]}" -u lab@example.net --digest-algo SHA256 --clearsign > InRelease
"${gpg[@]}" --export --armor lab@example.net > lab.asc
"${gpg[@]}" --export --armor other@example.net > other.asc
"${gpg[@]}" --show-keys --with-colons lab.asc other.asc | grep ^fpr
