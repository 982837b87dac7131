/** Debian's own Node, for which there is no place in the image: its shared libraries take long to start there. */
import { debsOf } from './image/debs.ts';
import type { Machine } from './machine/machine.ts';
import type { Release } from './release.ts';

/** With all that the image does not have of what it needs. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  bookworm: ['libc-ares2', 'libnode108', 'node-busboy'],
  trixie: [
    ...['libcares2', 'libnode115', 'node-balanced-match', 'node-brace-expansion', 'node-corepack'],
    'node-minimatch',
  ],
};
const BOTH = ['nodejs', 'node-acorn', 'node-cjs-module-lexer', 'node-undici', 'node-xtend'];

export const installDistributionNode = async (machine: Machine, release: Release): Promise<void> => {
  const debs = await debsOf(release, [...BOTH, ...(PACKAGES[release.suite] ?? [])]);
  await machine.succeed('mkdir /root/debs');
  await Promise.all(debs.map((deb, index) => machine.copyIn(deb, `/root/debs/${index}.deb`)));
  await machine.succeed('dpkg --install /root/debs/*.deb');
};
