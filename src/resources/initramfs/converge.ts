import { z } from 'zod';
import { modulesInside, mustContain, staleKernels } from '../../facts/initramfs.ts';
import { bootableKernels, type Kernel } from '../../facts/kernels.ts';
import type { Host } from '../../host/host.ts';

export const ops = z.discriminatedUnion('op', [
  /** Whatever is out of date when it comes to that: nothing, if another has built it in the same run. */
  z.strictObject({ op: z.literal('build') }),
  z.strictObject({ op: z.literal('verify') }),
]);
export type InitramfsOp = z.output<typeof ops>;

/** Minutes, on a slow disk. */
const TIMEOUT = 1_800_000;

const buildOne = async ({ version, initramfs }: Kernel, host: Host): Promise<void> => {
  host.progress(`the initramfs of ${version}`);
  const mode = initramfs === undefined ? '-c' : '-u';
  await host.run({ program: 'update-initramfs', args: [mode, '-k', version], timeout: TIMEOUT });
};

const build = async (host: Host): Promise<void> => {
  for (const kernel of staleKernels(host)) await buildOne(kernel, host);
  const left = staleKernels(host).map(({ version }) => version);
  if (left.length > 0)
    throw new Error(
      `update-initramfs has not written the initramfs of ${left.join(', ')}; see update_initramfs in /etc/initramfs-tools/update-initramfs.conf`,
    );
};

/** A module may be part of the kernel itself. */
const lacksModule = (name: string, inside: ReadonlySet<string>, builtin: string): boolean => {
  const file = new RegExp(`/${name.replace(/[-_]/g, '[-_]')}\\.ko(?:\\.\\w+)?$`, 'm');
  return !file.test(builtin) && ![...inside].some((path) => file.test(path));
};

const verifyOne = async ({ version }: Kernel, wanted: readonly string[], host: Host): Promise<void> => {
  const { stdout } = await host.run({
    program: 'lsinitramfs',
    args: [`/boot/initrd.img-${version}`],
    timeout: TIMEOUT,
    maxOutput: 16 * 1024 * 1024,
  });
  const inside = new Set(stdout.split('\n').map((path) => path.replace(/^\.?\//, '')));
  const builtin = host.readFile(`/lib/modules/${version}/modules.builtin`)?.toString() ?? '';
  const missing = [
    ...wanted.filter((path) => !inside.has(path)),
    ...modulesInside(host).filter((name) => lacksModule(name, inside, builtin)),
  ];
  if (missing.length > 0)
    throw new Error(
      `/boot/initrd.img-${version} lacks ${missing.join(', ')}; build it by hand and see what it says: update-initramfs -v -u -k ${version}`,
    );
};

const verify = async (host: Host): Promise<void> => {
  const wanted = mustContain(host);
  for (const kernel of bootableKernels(host)) await verifyOne(kernel, wanted, host);
};

export const converge = async (op: InitramfsOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'build':
      await build(host);
      return;
    case 'verify':
      await verify(host);
      return;
  }
};
