/** What a module is built against: for the kernel that boots next, and for those that will come. */
import type { DpkgPackage } from '../../facts/dpkg.ts';
import type { Next } from './schema.ts';

type Packages = ReadonlyMap<string, DpkgPackage>;

const isThere = (known: Packages, name: string): boolean => known.get(name)?.state === 'installed';

/** `linux-image-amd64` and its like always bring the newest kernel: what brings its headers goes by the same name. */
const followingOf = (kernel: string): string | undefined => {
  if (kernel === 'proxmox-default-kernel') return 'proxmox-default-headers';
  return /^linux-image-(?:cloud-|rt-)?amd64$/.test(kernel) ? kernel.replace('image', 'headers') : undefined;
};

const exactOf = ({ version }: Next): string =>
  version.endsWith('-pve') ? `proxmox-headers-${version}` : `linux-headers-${version}`;

export const headerPackages = (known: Packages, next: Next | undefined): string[] => {
  const following = [...known.keys()]
    .filter((name) => isThere(known, name))
    .flatMap((name) => followingOf(name) ?? []);
  const exact = next === undefined || next.hasHeaders ? [] : [exactOf(next)];
  return [...following, ...exact].filter((name) => !isThere(known, name));
};
