import { absent, present, readEach, unknown } from '../../engine/reading.ts';
import { defineResource } from '../../engine/resource-type.ts';
import { dpkgPackages } from '../../facts/dpkg.ts';
import { convergeTogether } from './converge.ts';
import { diff } from './diff.ts';
import { actualOf, manuallyInstalled } from './facts.ts';
import { desired, ops, type Actual } from './schema.ts';

/** Who keeps the manifest is not kept by it: it is in no source, and which of the two is installed is not for the manifest. */
const OURSELVES = new Set(['phoenix', 'phoenix-core']);

export default defineResource({
  kind: 'AptPackage',
  summary:
    'A Debian package, with a version and a hold if declared. Never upgrades what has no declared version, never removes what is not declared absent, and keeps local configuration files. Installing a daemon starts it.',
  desired,
  ops,
  examples: [
    { name: 'chrony' },
    { name: 'zfsutils-linux', version: '2.3.9-1', hold: true },
    { name: 'telnet', ensure: 'absent' },
  ],

  key: (want) => want.name,

  async read(host, all) {
    const packages = await host.fact(dpkgPackages);
    return readEach(
      all,
      (want) => want.name,
      (want) => {
        if (packages === undefined) return unknown('dpkg-query is not installed: this is no Debian host');
        const actual = actualOf(host, want, packages.get(want.name));
        return actual === undefined ? absent : present<Actual>(actual);
      },
    );
  },

  diff,
  converge: (op, host) => convergeTogether([op], host),
  convergeTogether,

  async list(host) {
    const packages = await host.fact(dpkgPackages);
    const names = await host.fact(manuallyInstalled);
    return names.flatMap((name) => {
      const known = packages?.get(name);
      return known?.state === 'installed' && !OURSELVES.has(name)
        ? [{ name, ...(known.held ? { hold: true } : {}) }]
        : [];
    });
  },
});
