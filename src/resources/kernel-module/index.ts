import { z } from 'zod';
import type { Action, Finding } from '../../engine/action.ts';
import { present, readEach } from '../../engine/reading.ts';
import { defineResource } from '../../engine/resource-type.ts';
import { loadModule } from '../../facts/load-module.ts';
import { moduleName, modulesOf, underscored, type ModuleState } from '../../facts/modules.ts';
import {
  convergeOwnFile,
  diffOwnFile,
  ownFileOps,
  readOwnFile,
  type OwnFile,
  type OwnFileOp,
} from '../../facts/own-file.ts';
import { parentRefs } from '../../facts/paths.ts';

const desired = z.strictObject({
  name: moduleName.meta({ description: 'name of the module, such as vfio-pci' }),
  ensure: z.enum(['present', 'absent']).default('present').meta({
    description: 'absent removes the file that loads it at boot; the running kernel keeps the module',
  }),
});

const ops = z.discriminatedUnion('op', [
  ...ownFileOps,
  z.strictObject({ op: z.literal('load'), name: moduleName }),
]);

type Desired = z.output<typeof desired>;
type Load = { readonly op: 'load'; readonly name: string };
type ModuleOp = OwnFileOp | Load;

interface Actual {
  readonly state: ModuleState;
  readonly file?: OwnFile;
}

const keyOf = ({ name }: Pick<Desired, 'name'>): string => underscored(name);
const pathOf = (want: Desired): string => `/etc/modules-load.d/phoenix-${keyOf(want)}.conf`;
const textOf = (want: Desired): string =>
  `# managed by phoenix: KernelModule[${keyOf(want)}]\n${keyOf(want)}\n`;

const load = (name: string): Action<Load> => ({
  does: { op: 'load', name },
  description: `load the module ${name}`,
  risk: 'safe',
  changes: [{ path: 'loaded', from: false, to: true }],
  undo: { none: 'a module is not taken out of a running kernel; it is gone after the next boot' },
});

const none = (name: string): Finding<ModuleOp> => ({
  refuses: `the running kernel has no module ${name}; check the name with modinfo ${name}, or install what brings it`,
  changes: [{ path: 'module', from: null, to: name }],
});

export default defineResource({
  kind: 'KernelModule',
  summary:
    'A module that is loaded at boot, by a file of its own in /etc/modules-load.d, and now. Never unloads one, and leaves other files alone.',
  desired,
  ops,
  examples: [{ name: 'vfio-pci' }, { name: 'pcspkr', ensure: 'absent' }],

  key: keyOf,
  requires: (want) => parentRefs(pathOf(want)),
  owns: (want) => [`path:${pathOf(want)}`],

  read: (host, all) => {
    const stateOf = modulesOf(host);
    return readEach(all, keyOf, (want) => {
      const file = readOwnFile(host, pathOf(want));
      return present<Actual>({ state: stateOf(want.name), ...(file === undefined ? {} : { file }) });
    });
  },

  diff(want, reading): Finding<ModuleOp>[] {
    if (reading.is === 'absent') return [];
    const { state, file } = reading.value;
    const wanted = want.ensure === 'present';
    if (wanted && state === 'unknown') return [none(want.name)];
    const text = wanted ? textOf(want) : undefined;
    return [
      ...(wanted && state === 'available' ? [load(keyOf(want))] : []),
      ...diffOwnFile({ path: pathOf(want), text, risk: 'safe' }, file),
    ];
  },

  async converge(op, host) {
    if (op.op === 'load') await loadModule(host, op.name);
    else await convergeOwnFile(op, host);
  },
});
