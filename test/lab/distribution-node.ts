/** Debian's own Node, for which there is no place in the image: its shared libraries take long to start there. */
import { bringDebs } from './image/debs.ts';
import type { Machine } from './machine/machine.ts';
import { currentRelease } from './release.ts';

/** With all that the image does not have of what it needs. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  bookworm: ['libc-ares2', 'libnode108', 'node-busboy'],
  trixie: [
    ...['libcares2', 'libnode115', 'node-balanced-match', 'node-brace-expansion', 'node-corepack'],
    'node-minimatch',
  ],
};
const BOTH = ['nodejs', 'node-acorn', 'node-cjs-module-lexer', 'node-undici', 'node-xtend'];

export const installDistributionNode = async (machine: Machine): Promise<void> => {
  const { suite } = currentRelease();
  await bringDebs(machine, '/root/debs', [...BOTH, ...(PACKAGES[suite] ?? [])]);
  await machine.succeed('dpkg --install /root/debs/*.deb');
};
