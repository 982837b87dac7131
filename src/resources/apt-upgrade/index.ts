import { present, unknown } from '../../engine/reading.ts';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import type { HostReader } from '../../host/host.ts';
import { converge } from './converge.ts';
import { diff, type Actual } from './diff.ts';
import { availableUpgrades, kernelsOf, mixedSource } from './facts.ts';
import { desired, ops } from './schema.ts';

const KEY = 'system';

const actualOf = async (host: HostReader): Promise<Actual | undefined> => {
  const found = await host.fact(availableUpgrades);
  const mixed = mixedSource(host);
  const kernels = kernelsOf(host);
  return (
    found && {
      ...found,
      ...(mixed === undefined ? {} : { mixed }),
      ...(kernels === undefined ? {} : { kernels }),
    }
  );
};

export default defineResource({
  kind: 'AptUpgrade',
  summary:
    'Upgrades installed packages, to the very versions that the plan has shown. Kernels stay unless told, held packages always; local configuration files are kept. Never goes to another release of Debian, and never removes a package that the plan did not name.',
  desired,
  ops,
  examples: [{ level: 'full', except: ['samba'] }],

  key: () => KEY,
  requires: () => [refOf('AptLists', KEY)],

  async read(host) {
    const actual = await actualOf(host);
    const none = unknown('apt-get is not installed: this is no Debian host');
    return new Map([[KEY, actual === undefined ? none : present<Actual>(actual)]]);
  },

  diff,
  converge,
});
