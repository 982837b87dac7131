import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { execa } from 'execa';

import { cacheFolder } from './cache.ts';
import type { Machine } from './machine/machine.ts';
import { isAlive, type Qemu } from './machine/qemu.ts';
import { prepare, stayingMachine } from './machine/restore.ts';
import { Phoenix } from './phoenix.ts';
import { currentRelease, releaseOf } from './release.ts';
import { say, timed } from './say.ts';

const USAGE = `npm run lab -- [--release 12|13] COMMAND
  image      build what is missing: the image and the snapshot of the default machine
  up         start a machine that stays, with the built phoenix in /opt
  ssh        a shell on it
  run CMD    run a command on it; its exit code is the exit code
  reset      back to the state after the boot, and the newest build of phoenix
  down       end it`;

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  options: { release: { type: 'string' } },
  allowPositionals: true,
});
const release = values.release === undefined ? currentRelease() : releaseOf(values.release);
const folder = cacheFolder('up', release.suite);
const stateFile = join(folder, 'qemu.json');

const running = (): Qemu | undefined => {
  if (!existsSync(stateFile)) return undefined;
  const qemu = JSON.parse(readFileSync(stateFile, 'utf8')) as Qemu;
  return isAlive(qemu.pid) ? qemu : undefined;
};

const present = async (): Promise<Machine> => {
  const qemu = running();
  if (!qemu) throw new Error('no machine is up: npm run lab -- up');
  return await stayingMachine(folder, { release }, qemu);
};

const restart = async (): Promise<void> => {
  const machine = await stayingMachine(folder, { release }, running());
  const qemu = await timed('restore', () => machine.reset());
  writeFileSync(stateFile, JSON.stringify(qemu));
  await new Phoenix(machine).install().catch((error: unknown) => {
    say(`phoenix is not on the machine: ${(error as Error).message}`);
  });
  await machine.disconnect();
};

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  image: async () => {
    await prepare('', { release });
  },
  up: async () => {
    if (running()) say('the machine is up already');
    else await restart();
  },
  ssh: async () => {
    const { exitCode } = await execa('ssh', (await present()).sshArguments(), {
      stdio: 'inherit',
      reject: false,
    });
    process.exitCode = exitCode ?? 1;
  },
  run: async (args) => {
    const { exitCode } = await execa('ssh', (await present()).sshArguments(args.join(' ')), {
      stdio: 'inherit',
      reject: false,
    });
    process.exitCode = exitCode ?? 1;
  },
  reset: restart,
  down: async () => {
    await (await present()).destroy();
    rmSync(stateFile, { force: true });
  },
};

const [name = '', ...args] = positionals;
const command = commands[name];
if (command) {
  await command(args).catch((error: unknown) => {
    say((error as Error).message);
    process.exitCode = 1;
  });
} else {
  console.error(USAGE);
  process.exitCode = 64;
}
