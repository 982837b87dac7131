import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { cacheFolder } from '../cache.ts';
import { ensureImage } from '../image/image.ts';
import { currentRelease, type Release } from '../release.ts';
import { accelerator } from './accelerator.ts';
import { DEFAULT_HARDWARE, type Hardware } from './hardware.ts';
import { Machine } from './machine.ts';
import { type Boot, isAlive, type Qemu } from './qemu.ts';
import { ensureSnapshot, type Snapshot } from './snapshot.ts';

export interface MachineOptions {
  readonly hardware?: Partial<Hardware>;
  readonly release?: Release;
}

/** The machine that is declared: its image and its snapshot exist when this returns. */
export const prepare = async (
  folder: string,
  { hardware, release = currentRelease() }: MachineOptions,
): Promise<{ readonly boot: Boot; readonly snapshot: Snapshot }> => {
  const image = await ensureImage(release);
  const accel = await accelerator(image);
  const boot = { folder, image, hardware: { ...DEFAULT_HARDWARE, ...hardware }, accelerator: accel };
  return { boot, snapshot: await ensureSnapshot(image, boot.hardware, accel) };
};

/** Folders of test runs that were killed. The name begins with the id of the process that owned the machine. */
const sweep = async (parent: string): Promise<void> => {
  for (const name of await readdir(parent)) {
    if (!isAlive(Number(name.split('-')[0]))) await rm(join(parent, name), { recursive: true, force: true });
  }
};

/** A throw-away machine, just booted. It ends with this process at the latest. */
export const restoreMachine = async (options: MachineOptions = {}): Promise<Machine> => {
  const parent = cacheFolder('run');
  await sweep(parent);
  const folder = cacheFolder('run', `${process.pid}-${randomBytes(3).toString('hex')}`);
  const { boot, snapshot } = await prepare(folder, options);
  const machine = new Machine(boot, snapshot);
  await machine.reset();
  return machine;
};

/** A machine that stays: it is started by one command and used by later ones. */
export const stayingMachine = async (
  folder: string,
  options: MachineOptions,
  running?: Qemu,
): Promise<Machine> => {
  const { boot, snapshot } = await prepare(folder, options);
  return new Machine({ ...boot, detached: true }, snapshot, running);
};
