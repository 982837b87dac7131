#!/bin/bash
# Downloads packages that a test installs by itself, because they conflict with those of the image.
# In: SUITE NAMES, OUT (a new folder).
set -euo pipefail
cd "$OUT"
mkdir -p work/lists/partial work/archives/partial
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $SUITE main" > work/sources.list
options=(-q -o "Dir::Etc::sourcelist=$OUT/work/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$OUT/work/lists"
  -o "Dir::Cache=$OUT/work" -o Dir::State::status=/dev/null -o APT::Sandbox::User=root)
apt-get "${options[@]}" update
# shellcheck disable=SC2086
apt-get "${options[@]}" download $NAMES
rm -r work
