#!/bin/bash
# Says before anything else why `npm test` and `npm run demo` need root. In: the command.
set -euo pipefail
[ "$(id -u)" != 0 ] || exit 0
cat >&2 << END
npm $1 needs root, and nothing was done. As root it
  - installs Debian packages with apt-get, if any are missing (QEMU, mmdebstrap and others: scripts/bootstrap.sh);
  - builds the image of the lab's virtual machine with mmdebstrap, which makes files of many owners;
  - runs unit tests that write to /etc and /var/lib in a mount namespace of their own: this machine's stay as they are.
Run: sudo npm $1
Without root, after scripts/bootstrap.sh: npm run format, lint, types, generate:check, dead-code and build
(CONTRIBUTING.md). npm run unit:fast runs, too; each test that needs root fails and says so.
END
exit 1
