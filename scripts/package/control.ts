/** What dpkg is told of a package. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Two packages: with a Node of its own, or with that of the distribution. One of them is installed. */
export type Flavour = 'phoenix' | 'phoenix-core';

export const ARCHITECTURE: Readonly<Record<Flavour, string>> = { phoenix: 'amd64', 'phoenix-core': 'all' };

/** Nobody's address: a package that is given to others is to have that of who answers for it. */
export const MAINTAINER =
  process.env['PHOENIX_MAINTAINER'] ?? 'phoenix maintainers <phoenix@localhost.invalid>';

const RELATIONS: Readonly<Record<Flavour, string>> = {
  // glibc and libstdc++ as the official build of Node needs them
  phoenix: `Depends: libc6 (>= 2.28), libgcc-s1 (>= 3.4), libstdc++6 (>= 6)
Conflicts: phoenix-core
Replaces: phoenix-core`,
  'phoenix-core': `Depends: nodejs (>= 20.19)
Conflicts: phoenix
Replaces: phoenix
Provides: phoenix`,
};

const ABOUT: Readonly<Record<Flavour, string>> = {
  phoenix: 'This package brings its own Node.js, which nothing else on the host uses.',
  'phoenix-core': 'This package runs on the Node.js of the distribution.',
};

export const controlText = (
  flavour: Flavour,
  version: string,
  kilobytes: number,
): string => `Package: ${flavour}
Version: ${version}
Architecture: ${ARCHITECTURE[flavour]}
Maintainer: ${MAINTAINER}
Installed-Size: ${kilobytes}
${RELATIONS[flavour]}
Section: admin
Priority: optional
Description: configuration management for one Debian or Proxmox VE host
 phoenix brings one hypervisor host to the state that a manifest describes, and
 keeps it there: packages, network, ZFS pools and datasets, firewall, NFS and
 Samba, DNS, users, AppArmor, units of systemd. It reads the host, shows the
 difference as a plan, carries it out, and reads again to see that it holds.
 .
 ${ABOUT[flavour]}
`;

const filesBelow = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));

/** As dpkg counts: every file in whole kilobytes, every directory as one. */
export const installedSize = (root: string): number =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) =>
      entry.isFile() ? Math.ceil(lstatSync(join(entry.parentPath, entry.name)).size / 1024) : 1,
    )
    .reduce((sum, size) => sum + size, 0);

/** What `dpkg --verify` compares with. */
export const md5sums = (root: string): string =>
  filesBelow(root)
    .filter((path) => lstatSync(path).isFile())
    .map((path) => `${createHash('md5').update(readFileSync(path)).digest('hex')}  ${relative(root, path)}\n`)
    .sort((a, b) => (a.slice(34) < b.slice(34) ? -1 : 1))
    .join('');
