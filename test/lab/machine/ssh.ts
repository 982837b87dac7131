import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { execa } from 'execa';

import type { Image } from '../image/image.ts';
import { type Outcome, type RunOptions, withDeadline } from './outcome.ts';

const DEFAULT_TIMEOUT = 300_000;
/** Time for the client itself, above the deadline that the guest keeps. */
const MARGIN = 15_000;

/** The connection that the other clients share. setpriv: it ends with this process, however that ends. */
const startMaster = (args: readonly string[]) =>
  execa('setpriv', ['--pdeathsig', 'KILL', 'ssh', '-M', '-N', ...args], { stdio: 'ignore', reject: false });

/** The way in of an operator: the ssh program, with one connection that all commands share. */
export class Ssh {
  readonly #arguments: readonly string[];
  readonly #socket: string;
  readonly #assertRuns: () => void;
  #master: ReturnType<typeof startMaster> | undefined;

  /** `assertRuns` throws when the machine will never answer. */
  constructor(image: Image, port: number, socket: string, assertRuns: () => void) {
    this.#socket = socket;
    this.#assertRuns = assertRuns;
    this.#arguments = [
      ...[
        '-F',
        'none',
        '-o',
        `ControlPath=${socket}`,
        '-o',
        `Port=${port}`,
        '-i',
        image.identity,
        '-o',
        'IdentitiesOnly=yes',
      ],
      ...['-o', 'HostKeyAlias=lab', '-o', `UserKnownHostsFile=${image.knownHosts}`, '-o', 'BatchMode=yes'],
      ...['-o', 'StrictHostKeyChecking=yes', '-o', 'ConnectTimeout=20', '-o', 'LogLevel=ERROR'],
    ];
  }

  /** The arguments for a command that the caller starts itself, such as an interactive shell. */
  argumentsFor(...rest: readonly string[]): string[] {
    return [...this.#arguments, 'root@127.0.0.1', ...rest];
  }

  /** Opens the shared connection, trying until the guest answers. */
  async connect(timeout: number): Promise<void> {
    const deadline = Date.now() + timeout;
    await this.disconnect();
    while (!(await this.#tryConnect())) {
      this.#assertRuns();
      if (Date.now() > deadline)
        throw new Error(`the machine did not answer by ssh within ${timeout / 1000} s`);
      await sleep(500);
    }
  }

  async run(line: string, { timeout = DEFAULT_TIMEOUT, input }: RunOptions = {}): Promise<Outcome> {
    const result = await execa('ssh', this.argumentsFor(withDeadline(line, timeout)), {
      reject: false,
      timeout: timeout + MARGIN,
      stripFinalNewline: true,
      maxBuffer: 64 * 1024 * 1024,
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
    });
    return { code: result.exitCode ?? 255, stdout: result.stdout, stderr: result.stderr };
  }

  /** Copies a file or a folder to a path in the guest. */
  async copyIn(source: string, target: string): Promise<void> {
    await execa('scp', ['-r', ...this.#arguments, source, `root@127.0.0.1:${target}`], {
      timeout: DEFAULT_TIMEOUT,
    });
  }

  async disconnect(): Promise<void> {
    this.#master?.kill('SIGKILL');
    await this.#master;
    this.#master = undefined;
    await execa('rm', ['-f', this.#socket]);
  }

  async #tryConnect(): Promise<boolean> {
    const master = startMaster(this.argumentsFor());
    this.#master = master;
    // The socket appears when the login has succeeded.
    while (master.exitCode === null && !existsSync(this.#socket)) await sleep(50);
    return master.exitCode === null;
  }
}
