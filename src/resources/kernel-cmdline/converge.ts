import { reasonOf } from '../../engine/reading.ts';
import { GENERATORS, KERNEL_CMDLINE, type Generator } from '../../facts/boot-loader.ts';
import { keyOfWord, withWord, wordsOf } from '../../facts/kernel-words.ts';
import { bootableKernels } from '../../facts/kernels.ts';
import { READABLE } from '../../facts/own-file.ts';
import type { Command, Host } from '../../host/host.ts';
import type { CmdlineOp } from './schema.ts';
import { dropInPath } from './words.ts';

/** os-prober may look at every disk. */
const TIMEOUT = 600_000;

const commandsOf = (generator: Generator, host: Host): Command[] => {
  switch (generator) {
    case 'update-grub':
      return [{ program: 'update-grub', args: [], timeout: TIMEOUT }];
    case 'proxmox-boot-tool':
      return [{ program: 'proxmox-boot-tool', args: ['refresh'], timeout: TIMEOUT }];
    case 'kernel-install':
      return bootableKernels(host).map(({ version }) => ({
        program: 'kernel-install',
        args: ['add', version, `/boot/vmlinuz-${version}`, `/boot/initrd.img-${version}`],
        timeout: TIMEOUT,
      }));
  }
};

/** Each once, however many parameters need it, in a fixed order: the partitions are synced last. */
const generate = async (ops: readonly CmdlineOp[], host: Host): Promise<void> => {
  const wanted = new Set(ops.flatMap(({ by }) => by));
  for (const generator of GENERATORS.filter((one) => wanted.has(one)))
    for (const command of commandsOf(generator, host)) await host.run(command);
};

const editCmdline = async (key: string, word: string | null, host: Host): Promise<void> => {
  const old = host.readFile(KERNEL_CMDLINE)?.toString() ?? '';
  const words = withWord(wordsOf(old), key, word);
  // It was there when the plan was made: somebody is writing this file now.
  if (!words.some((one) => keyOfWord(one) === 'root'))
    throw new Error(`${KERNEL_CMDLINE} has no root= any more; not written`);
  await host.writeFile(KERNEL_CMDLINE, `${words.join(' ')}\n`, READABLE);
};

const write = async ({ key, dropIn, word }: CmdlineOp, host: Host): Promise<void> => {
  if (dropIn === null) host.removeFile(dropInPath(key));
  else if (dropIn !== undefined) await host.writeFile(dropInPath(key), dropIn, READABLE);
  if (word !== undefined) await editCmdline(key, word, host);
};

type Kept = readonly (readonly [path: string, text: string | undefined])[];

const keep = (ops: readonly CmdlineOp[], host: Host): Kept =>
  [
    ...ops.filter(({ dropIn }) => dropIn !== undefined).map(({ key }) => dropInPath(key)),
    ...(ops.some(({ word }) => word !== undefined) ? [KERNEL_CMDLINE] : []),
  ].map((path) => [path, host.readFile(path)?.toString()]);

const putBack = async (kept: Kept, host: Host): Promise<void> => {
  for (const [path, text] of kept)
    if (text === undefined) host.removeFile(path);
    else await host.writeFile(path, text, READABLE);
};

/** All parameters, then the boot loader's configuration once. If that cannot be made, everything is as it was. */
export const convergeTogether = async (ops: readonly CmdlineOp[], host: Host): Promise<void> => {
  const kept = keep(ops, host);
  try {
    for (const op of ops) await write(op, host);
    await generate(ops, host);
  } catch (error) {
    await putBack(kept, host);
    await generate(ops, host).catch((again: unknown) => {
      host.note(
        `the boot loader's configuration could not be made from the old files either: ${reasonOf(again)}`,
      );
    });
    throw new Error(`the files are as they were: ${reasonOf(error)}`, { cause: error });
  }
};
