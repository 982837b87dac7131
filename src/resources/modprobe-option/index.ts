import { present, readEach } from '../../engine/reading.ts';
import { defineResource } from '../../engine/resource-type.ts';
import { underscored } from '../../facts/modules.ts';
import { convergeOwnFile, readOwnFile } from '../../facts/own-file.ts';
import { parentRefs } from '../../facts/paths.ts';
import type { HostReader } from '../../host/host.ts';
import { diff, keyOf, pathOf } from './diff.ts';
import { desired, ops, type Actual, type Desired } from './schema.ts';

/** Some modules show a parameter to nobody; those cannot be compared. */
const parametersOf = (host: HostReader, { module, options }: Desired): Record<string, string> =>
  Object.fromEntries(
    Object.keys(options).flatMap((key): [string, string][] => {
      const path = `/sys/module/${underscored(module)}/parameters/${key}`;
      const live = host.readFile(path)?.toString().trim();
      return live === undefined ? [] : [[key, live]];
    }),
  );

const actualOf = (host: HostReader, want: Desired): Actual => {
  const file = readOwnFile(host, pathOf(want));
  const written = host.lstat(pathOf(want))?.modified;
  return {
    loaded: host.lstat(`/sys/module/${underscored(want.module)}`) !== undefined,
    parameters: parametersOf(host, want),
    ...(file === undefined ? {} : { file }),
    ...(written === undefined ? {} : { written }),
  };
};

export default defineResource({
  kind: 'ModprobeOption',
  summary:
    'How a kernel module is loaded, or that it is not: options, blacklist and softdep, in a file of its own in /etc/modprobe.d and in every initramfs. Never loads or unloads the module.',
  desired,
  ops,
  examples: [
    { module: 'kvm', options: { ignore_msrs: 1 } },
    { module: 'nouveau', blacklist: true },
  ],

  key: keyOf,
  requires: (want) => parentRefs(pathOf(want)),
  owns: (want) => [`path:${pathOf(want)}`],
  owesTo: ['Initramfs'],

  read: (host, all) => readEach(all, keyOf, (want) => present(actualOf(host, want))),
  diff,
  converge: convergeOwnFile,
});
