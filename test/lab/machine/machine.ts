import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { execa } from 'execa';

import { Agent } from './agent.ts';
import { bootTimeout, waitUntilBooted } from './booted.ts';
import { FIRMWARE, secureFirmware } from './firmware.ts';
import { Monitor } from './monitor.ts';
import { type Outcome, quote, type RunOptions, surprise } from './outcome.ts';
import { assertRuns, type Boot, diskFiles, isAlive, killQemu, type Qemu, startQemu } from './qemu.ts';
import { layDisks, type Snapshot } from './snapshot.ts';
import { Ssh } from './ssh.ts';

/** How to reach the guest: `agent` needs no network, for tests that change it. */
export type Via = 'ssh' | 'agent';

const POLL = 500;
const DEFAULT_WAIT = 120_000;
const SSH_FAILED = 255;
/** The saved kernel has seen other disks. Partitions that only it knows are dropped, those on the disks are found. */
const LOOK_AT_DISKS_ANEW =
  'for d in /sys/block/[sv]d*; do d=/dev/${d##*/}; [ $d = /dev/vda ] || { blockdev --flushbufs $d; blockdev --rereadpt $d; }; done; udevadm settle';

const MAKE_GRUB = [
  'cd "$(mktemp -d)"',
  'grub-mkimage -O i386-pc -p "(hd0)/boot/grub" -o core.img biosdisk ext2 normal linux search search_fs_uuid search_label configfile test echo gzio',
  'cat /usr/lib/grub/i386-pc/lnxboot.img core.img | base64 -w0',
].join(' && ');

/** A machine was saved while it stood still, and stands still when its state is loaded again. */
const resume = async (folder: string): Promise<void> => {
  const monitor = await Monitor.connect(join(folder, 'qmp.sock'));
  await monitor.waitForStatus('query-status', 'paused', 60_000);
  await monitor.execute('cont');
  monitor.close();
};

/** A host to test on, in the verbs of an operator. All commands are shell lines, run by root in the guest. */
export class Machine {
  #boot: Boot;
  readonly #snapshot: Snapshot;
  #qemu: Qemu | undefined;
  #ssh: Ssh;
  readonly #agent: Agent;

  constructor(boot: Boot, snapshot: Snapshot, running?: Qemu) {
    this.#boot = boot;
    this.#snapshot = snapshot;
    this.#qemu = running;
    this.#ssh = this.#sshTo(running);
    this.#agent = new Agent(join(boot.folder, 'agent.sock'));
  }

  /** Runs a command, whatever comes out. */
  async run(
    command: string,
    { via = 'ssh', ...options }: RunOptions & { readonly via?: Via } = {},
  ): Promise<Outcome> {
    return await (via === 'agent' ? this.#agent : this.#ssh).run(command, options);
  }

  /** Runs a command that must exit with zero, and gives its standard output. */
  async succeed(command: string, options: RunOptions & { readonly via?: Via } = {}): Promise<string> {
    const outcome = await this.#runAlive(command, options);
    if (outcome.code !== 0) throw surprise('the command failed', command, outcome);
    return outcome.stdout;
  }

  /** Runs a command that must not exit with zero. */
  async fail(command: string, options: RunOptions & { readonly via?: Via } = {}): Promise<Outcome> {
    const outcome = await this.#runAlive(command, options);
    if (outcome.code === 0) throw surprise('the command succeeded, which it must not', command, outcome);
    return outcome;
  }

  /** Repeats a command until it exits with zero. */
  async waitUntil(
    command: string,
    timeout = DEFAULT_WAIT,
    options: { readonly via?: Via } = {},
  ): Promise<string> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const outcome = await this.#runAlive(command, options);
      if (outcome.code === 0) return outcome.stdout;
      if (Date.now() > deadline) throw surprise(`not within ${timeout / 1000} s`, command, outcome);
      await sleep(POLL);
    }
  }

  /** Waits until a unit is active. */
  async waitForUnit(unit: string, timeout = DEFAULT_WAIT): Promise<void> {
    try {
      await this.waitUntil(`systemctl is-active --quiet ${quote(unit)}`, timeout);
    } catch (error) {
      const { stdout } = await this.run(`systemctl status --no-pager ${quote(unit)}`);
      throw new Error(`${unit} is not active\n${stdout}`, { cause: error });
    }
  }

  async copyIn(source: string, target: string): Promise<void> {
    await this.#ssh.copyIn(source, target);
  }

  /** Writes a file, for root only unless another mode is given. */
  async writeFile(path: string, content: string, mode = '0600'): Promise<void> {
    const target = quote(path);
    await this.succeed(`install -D -m ${mode} /dev/stdin ${target}`, { input: content });
  }

  /**
   * From here on, and from the snapshot, this machine boots by a real GRUB: what update-grub and update-initramfs have
   * made is what the next boot gets. The guest makes GRUB's image, in the form that a boot loader of Linux can start.
   */
  async bootByGrub(): Promise<void> {
    const image = await this.succeed(MAKE_GRUB);
    const bootLoader = join(this.#boot.folder, 'grub.lnx');
    await writeFile(bootLoader, Buffer.from(image, 'base64'));
    this.#boot = { ...this.#boot, bootLoader: ['-kernel', bootLoader] };
    await this.reset();
  }

  /**
   * Boots from the disks as they are, and from here on, by the EFI firmware and the loader it finds on one of them. With
   * the certificate of a machine owner, Secure Boot is on.
   */
  async bootByFirmware(owner?: Buffer): Promise<void> {
    await this.powerOff();
    const bootLoader = owner === undefined ? FIRMWARE : await secureFirmware(this.#boot.folder, owner);
    this.#boot = { ...this.#boot, bootLoader };
    await this.start();
  }

  /** An orderly restart, until systemd has started everything again. */
  async reboot(): Promise<void> {
    await this.duringReboot(async () => {
      await this.run('systemctl reboot', { timeout: 10_000 });
    });
  }

  /** Does what makes the guest restart, and waits until systemd has started everything again. */
  async duringReboot(cause: () => Promise<void>): Promise<void> {
    const before = await this.succeed('cat /proc/sys/kernel/random/boot_id');
    await cause();
    const deadline = Date.now() + bootTimeout(this.#boot.accelerator);
    let now = before;
    while (now === before) {
      if (Date.now() > deadline)
        throw new Error(`no new boot; the serial log ends with\n${await this.serialLog()}`);
      await sleep(POLL);
      await this.#ssh.connect(bootTimeout(this.#boot.accelerator));
      now = (await this.run('cat /proc/sys/kernel/random/boot_id', { timeout: 10_000 })).stdout || before;
    }
    await waitUntilBooted(this.#ssh, bootTimeout(this.#boot.accelerator));
  }

  /** An orderly end: all is on the disks. `start` brings it back. */
  async powerOff(): Promise<void> {
    await this.run('systemctl poweroff', { timeout: 10_000 });
    const deadline = Date.now() + DEFAULT_WAIT;
    while (this.#qemu !== undefined && isAlive(this.#qemu.pid)) {
      if (Date.now() > deadline)
        throw new Error(`still running; the serial log ends with\n${await this.serialLog()}`);
      await sleep(POLL);
    }
    await this.crash();
  }

  /** A power cut: what the guest had not flushed to its disks is gone. `start` brings it back. */
  async crash(): Promise<void> {
    await this.#ssh.disconnect();
    if (this.#qemu) await killQemu(this.#qemu);
    this.#qemu = undefined;
  }

  /** Starts a command and cuts the power while it runs, `milliseconds` later. */
  async crashAfter(milliseconds: number, command: string): Promise<void> {
    const running = this.run(command);
    await sleep(milliseconds);
    await this.crash();
    await running;
  }

  /** Boots from the disks as they are; `reversed` plugs the spare ones in the other way round. */
  async start({ reversed = false } = {}): Promise<void> {
    this.#qemu = await startQemu({ ...this.#boot, reversed });
    this.#ssh = this.#sshTo(this.#qemu);
    await this.#ssh.connect(bootTimeout(this.#boot.accelerator));
    await waitUntilBooted(this.#ssh, bootTimeout(this.#boot.accelerator));
  }

  /**
   * Back to the snapshot: a host that has just booted, with blank spare disks; or with those that there are, as if they
   * had been plugged into it, which is a power cut without the minutes of a boot.
   */
  async reset({ keepSpares = false } = {}): Promise<Qemu> {
    await this.crash();
    const { folder, hardware } = this.#boot;
    const count = keepSpares ? 1 : undefined;
    await layDisks(diskFiles(this.#snapshot.folder, hardware), diskFiles(folder, hardware).slice(0, count));
    this.#qemu = await startQemu({ ...this.#boot, state: this.#snapshot.state });
    await resume(folder);
    this.#ssh = this.#sshTo(this.#qemu);
    await this.#ssh.connect(60_000);
    // The guest goes on with the time of the snapshot.
    await this.succeed(`date -s @${Math.floor(Date.now() / 1000)}`);
    if (keepSpares) await this.succeed(LOOK_AT_DISKS_ANEW);
    return this.#qemu;
  }

  /** Lets go of the machine, which stays. */
  async disconnect(): Promise<void> {
    await this.#ssh.disconnect();
  }

  /** Ends the machine and forgets its disks. */
  async destroy(): Promise<void> {
    await this.crash();
    await rm(this.#boot.folder, { recursive: true, force: true });
  }

  /** The arguments of an ssh command for a person. */
  sshArguments(...rest: readonly string[]): string[] {
    return this.#ssh.argumentsFor(...rest);
  }

  async serialLog(lines = 40): Promise<string> {
    const path = join(this.#boot.folder, 'serial.log');
    return (await execa('tail', ['-n', String(lines), path], { reject: false })).stdout;
  }

  async journal(lines = 40): Promise<string> {
    const { stdout } = await this.run(`journalctl --no-pager -q -n ${lines}`, {
      via: 'agent',
      timeout: 15_000,
    });
    return stdout;
  }

  #sshTo(qemu: Qemu | undefined): Ssh {
    return new Ssh(this.#boot.image, qemu?.port ?? 0, join(this.#boot.folder, 'ssh.sock'), () => {
      if (qemu !== undefined) assertRuns(qemu, this.#boot.folder);
    });
  }

  /** ssh exits with 255 where there is nobody to talk to: that is no answer of the command. */
  async #runAlive(command: string, options: RunOptions & { readonly via?: Via }): Promise<Outcome> {
    const outcome = await this.run(command, options);
    if (outcome.code === SSH_FAILED && this.#qemu !== undefined) assertRuns(this.#qemu, this.#boot.folder);
    return outcome;
  }
}
