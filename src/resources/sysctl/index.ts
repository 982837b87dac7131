import { absent, present, readEach } from '../../engine/reading.ts';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import type { HostReader } from '../../host/host.ts';
import { readBoot, type Assignment, type Boot } from './boot.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { canonicalKey, dropInName, dropInPath, interfaceOfKey, moduleOfKey, procPath } from './key.ts';
import { desired, ops, type Actual } from './schema.ts';

/** An assignment that the boot reads after ours. */
const overrideOf = (key: string, last: Assignment | undefined): Actual['override'] => {
  if (last === undefined || last.name <= dropInName(key)) return undefined;
  return { file: last.file, ...(last.value === undefined ? {} : { value: last.value }) };
};

const actualOf = (host: HostReader, key: string, { assignments, contents }: Boot): Actual => {
  const live = host.readFile(procPath(key))?.toString().trimEnd();
  const dropIn = contents.get(dropInPath(key));
  const override = overrideOf(key, assignments.get(canonicalKey(key)));
  return {
    ...(live === undefined ? {} : { live }),
    ...(dropIn === undefined ? {} : { dropIn }),
    ...(override === undefined ? {} : { override }),
  };
};

const isNothing = (actual: Actual): boolean => Object.keys(actual).length === 0;

export default defineResource({
  kind: 'Sysctl',
  summary:
    'A kernel setting, in the running kernel and at boot, in a file of its own below /etc/sysctl.d. Never edits files that others wrote: where one of them wins at boot, it is named.',
  desired,
  ops,
  examples: [
    { key: 'vm.swappiness', value: 10 },
    { key: 'net.ipv4.tcp_rmem', value: '4096 131072 6291456' },
    { key: 'net.ipv4.conf.eth0/1.rp_filter', ensure: 'absent' },
  ],

  key: (want) => canonicalKey(want.key),

  requires(want) {
    const module = moduleOfKey(want.key);
    const device = interfaceOfKey(want.key);
    return [
      ...(module === undefined ? [] : [refOf('KernelModule', module)]),
      ...(device === undefined ? [] : [refOf('NetworkInterface', device)]),
    ];
  },

  owns: (want) => [`path:${dropInPath(want.key)}`],

  read(host, all) {
    const boot = readBoot(host);
    return readEach(
      all,
      (want) => canonicalKey(want.key),
      (want) => {
        const actual = actualOf(host, want.key, boot);
        return isNothing(actual) ? absent : present<Actual>(actual);
      },
    );
  },

  diff,
  converge,

  list: (host) =>
    Promise.resolve(
      [...readBoot(host).assignments.values()].flatMap(({ key, value, file }) =>
        file.startsWith('/etc/') && value && !/[*?[]/.test(key) ? [{ key, value }] : [],
      ),
    ),
});
