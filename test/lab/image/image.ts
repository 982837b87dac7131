import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { cacheFolder } from '../cache.ts';
import { withLock } from '../lock.ts';
import { NODE_VERSION } from '../../../scripts/node-version.ts';
import type { Release } from '../release.ts';
import { fingerprintOfFolder } from './fingerprint.ts';
import { COMPONENTS, PACKAGES } from './packages.ts';
import { runStage } from './stage.ts';

/** A bootable disk with what is needed to boot it and to log in. */
export interface Image {
  readonly key: string;
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly identity: string;
  readonly knownHosts: string;
}

const HERE = import.meta.dirname;
const script = (name: string): string => join(HERE, `${name}.sh`);

/**
 * The one of Debian 12 is too old for phoenix, and under emulation the one of Debian 13, with its shared libraries, takes
 * five times as long to start.
 */
const nodeFolder = (): Promise<string> =>
  runStage({ name: 'node', script: script('node'), env: { NODE_VERSION }, inputs: [NODE_VERSION] });

const build = async (release: Release): Promise<string> => {
  const debs = cacheFolder('debs', release.suite);
  const shared = { SUITE: release.suite, COMPONENTS: COMPONENTS.join(','), DEBS: debs };
  const base = await runStage({
    name: `base-${release.suite}`,
    script: script('base'),
    env: { ...shared, PACKAGES: PACKAGES.join(',') },
    inputs: [shared.SUITE, shared.COMPONENTS, ...PACKAGES],
  });
  const kernel = (await readFile(join(base, 'kernel'), 'utf8')).trim();
  const zfs = (await readFile(join(base, 'zfs'), 'utf8')).trim();
  const modules = await runStage({
    name: `modules-${release.suite}`,
    script: script('modules'),
    env: { ...shared, KERNEL: kernel },
    inputs: [kernel, zfs],
  });
  const node = await nodeFolder();
  const files = [
    await fingerprintOfFolder(join(HERE, 'overlay')),
    await readFile(script('apt-archive'), 'utf8'),
  ];
  return await runStage({
    name: `disk-${release.suite}`,
    script: script('disk'),
    env: { BASE: base, MODULES: modules, KERNEL: kernel, NODE: node, HERE },
    inputs: [basename(base), basename(modules), basename(node), ...files],
  });
};

/** The image of a release: from the cache, or built now, stage by stage. */
export const ensureImage = async (release: Release): Promise<Image> => {
  const folder = await withLock(`image-${release.suite}`, () => build(release));
  return {
    key: basename(folder),
    disk: join(folder, 'disk.raw'),
    kernel: join(folder, 'vmlinuz'),
    initrd: join(folder, 'initrd'),
    identity: join(folder, 'id'),
    knownHosts: join(folder, 'known_hosts'),
  };
};
