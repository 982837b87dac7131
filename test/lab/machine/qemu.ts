import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { execa } from 'execa';

import type { Image } from '../image/image.ts';
import { diskArguments, type Hardware, hardwareArguments, nameOfDisk } from './hardware.ts';

/** What a QEMU process is started with. The folder holds its disks, sockets and the serial log. */
export interface Boot {
  readonly folder: string;
  readonly image: Image;
  readonly hardware: Hardware;
  readonly accelerator: string;
  /** QEMU's arguments where what is on the disks boots, in place of the kernel of the image. */
  readonly bootLoader?: readonly string[] | undefined;
  /** A saved state to go on from, instead of booting. */
  readonly state?: string;
  /** The spare disks are plugged in the other way round: they get other kernel names. */
  readonly reversed?: boolean;
  /** Keeps running when this process ends. */
  readonly detached?: boolean;
}

/** A running QEMU, known by what another process could find it with. */
export interface Qemu {
  readonly pid: number;
  /** Of ssh, on the loopback interface. */
  readonly port: number;
}

const KERNEL_COMMAND_LINE =
  'root=LABEL=lab rw console=ttyS0 intel_iommu=on apparmor=1 security=apparmor mitigations=off loglevel=4 panic=-1';

export const diskFiles = (folder: string, hardware: Hardware): string[] =>
  ['root', ...hardware.disks.map(nameOfDisk)].map((name) => join(folder, `${name}.qcow2`));

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

/** By the kernel of the image; or as a host does it, by a boot loader with its configuration on a disk. */
const bootArguments = ({ image, bootLoader }: Boot): string[] =>
  bootLoader === undefined
    ? ['-kernel', image.kernel, '-initrd', image.initrd, '-append', KERNEL_COMMAND_LINE]
    : [...bootLoader];

const qemuArguments = (boot: Boot, port: number): string[] => [
  ...['-nodefaults', '-display', 'none', '-rtc', 'base=utc'],
  ...['-chardev', `socket,id=agent,path=${join(boot.folder, 'agent.sock')},server=on,wait=off`],
  ...['-netdev', `user,id=lab,restrict=on,hostfwd=tcp:127.0.0.1:${port}-:22`],
  ...hardwareArguments(boot.hardware, boot.accelerator),
  ...diskArguments(boot.hardware, diskFiles(boot.folder, boot.hardware), boot.reversed),
  ...bootArguments(boot),
  ...[
    '-chardev',
    `file,id=serial,path=${join(boot.folder, 'serial.log')},append=on`,
    '-serial',
    'chardev:serial',
  ],
  ...['-qmp', `unix:${join(boot.folder, 'qmp.sock')},server=on,wait=off`],
  ...(boot.state === undefined ? [] : ['-incoming', `exec:cat ${boot.state}`]),
];

/** Whether any thread of a process runs: one that was killed keeps its files open until the last has ended. */
export const isAlive = (pid: number): boolean => {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '');
    return !state.startsWith('Z') || readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return false;
  }
};

/** Throws when QEMU has ended by itself: nobody needs to wait for the machine any more. */
export const assertRuns = ({ pid }: Qemu, folder: string): void => {
  if (isAlive(pid)) return;
  const said = readFileSync(join(folder, 'qemu.log'), 'utf8').trimEnd().split('\n').slice(-20).join('\n');
  throw new Error(`QEMU has ended by itself; its log ends with\n${said}`);
};

/** Whether somebody listens: the socket is there a moment before. */
const isListening = async (path: string): Promise<boolean> => {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};

/** Starts QEMU and waits until its monitor listens. The kernel kills it when this process ends, unless detached. */
export const startQemu = async (boot: Boot): Promise<Qemu> => {
  const socket = join(boot.folder, 'qmp.sock');
  await execa('rm', ['-f', socket, join(boot.folder, 'agent.sock')]);
  const port = await freePort();
  const detached = boot.detached === true;
  const logFile = join(boot.folder, 'qemu.log');
  const log = openSync(logFile, 'a');
  const [file, ...rest] = [
    ...(detached ? [] : ['setpriv', '--pdeathsig', 'KILL']),
    ...['qemu-system-x86_64', ...qemuArguments(boot, port)],
  ];
  const child = spawn(file!, rest, { stdio: ['ignore', log, log], detached });
  closeSync(log);
  if (detached) child.unref();
  while (!(await isListening(socket))) {
    if (child.exitCode !== null) throw new Error(`QEMU did not start, see ${logFile}`);
    await sleep(20);
  }
  return { pid: child.pid!, port };
};

/** Cuts the power: QEMU gets no chance to write anything more. */
export const killQemu = async ({ pid }: Qemu): Promise<void> => {
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  while (isAlive(pid)) await sleep(10);
};
