/**
 * A throw-away host: a mount namespace where what phoenix writes to are overlays in memory. It goes away with its
 * first process, which ends with us.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import fs from 'fs-extra';
import { isRoot } from './temporary-folder.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const ARCHIVE = `${ROOT}dist/phoenix.tar.gz`;
export const PHOENIX = '/mnt/phoenix/bin/phoenix';
export const MANIFEST = '/etc/phoenix/phoenix.yaml';

const SETUP = `
set -e
mount -t tmpfs -o mode=0755,size=1g tmpfs /mnt
for folder in etc var/lib; do
  mkdir -p /mnt/.$folder/upper /mnt/.$folder/work
  mount -t overlay -o lowerdir=/$folder,upperdir=/mnt/.$folder/upper,workdir=/mnt/.$folder/work overlay /$folder
done
mount -t tmpfs -o mode=0755 tmpfs /srv
mount -t tmpfs -o mode=0755 tmpfs /var/log
rm -rf /var/lib/phoenix /etc/phoenix
mkdir -m 0700 /etc/phoenix
tar -C /mnt -xz
mkdir -p /mnt/phoenix/node/bin
ln -s "$NODE" /mnt/phoenix/node/bin/node
echo ready
`;

const newest = (folder: string): number =>
  Math.max(
    ...readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' }).map(
      (name) => statSync(join(ROOT, folder, name)).mtimeMs,
    ),
  );

/** The bundle that is tested is made of the sources as they are. */
export const buildIfStale = (): void => {
  const sources = Math.max(
    ...['src', 'bin', 'scripts/build'].map(newest),
    statSync(`${ROOT}scripts/build.ts`).mtimeMs,
  );
  if (existsSync(ARCHIVE) && statSync(ARCHIVE).mtimeMs > sources) return;
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
};

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class World {
  readonly #first: ChildProcess;

  private constructor(first: ChildProcess) {
    this.#first = first;
  }

  static async enter(): Promise<World> {
    if (!isRoot)
      throw new Error(
        'needs root, for a mount namespace where /etc and /var/lib can be written to: run it with sudo',
      );
    buildIfStale();
    const first = spawn(
      'unshare',
      // The second cat holds the namespace until our end of its input is closed.
      ['--mount', '--propagation', 'private', 'sh', '-c', `${SETUP}\nexec cat <&3`],
      {
        stdio: [fs.openSync(ARCHIVE, 'r'), 'pipe', 'inherit', 'pipe'],
        env: { ...process.env, NODE: process.execPath },
      },
    );
    const [said] = (await Promise.race([once(first.stdout!, 'data'), once(first, 'exit')])) as [unknown];
    if (String(said) !== 'ready\n') throw new Error(`no throw-away host: ${String(said)}`);
    return new World(first);
  }

  leave(): void {
    this.#first.kill('SIGKILL');
  }

  /** Where a path of the world is for us. */
  path(path: string): string {
    return `/proc/${this.#first.pid}/root${path}`;
  }

  start(
    argv: readonly string[],
    env: Readonly<Record<string, string>> = {},
    stdin: 'ignore' | 'pipe' = 'ignore',
  ) {
    return execa('/usr/bin/nsenter', ['--target', String(this.#first.pid), '--mount', ...argv], {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...env },
      extendEnv: false,
      stdin,
      reject: false,
      stripFinalNewline: false,
      timeout: 60_000,
    });
  }

  async run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const { exitCode, stdout, stderr, signal } = await this.start(argv, env);
    return { code: exitCode ?? 128, stdout, stderr: signal === undefined ? stderr : `${stderr}[${signal}]` };
  }

  /** On a terminal of its own (script(1)), where somebody types: what is printed there comes as standard output. */
  onTerminal(...args: string[]) {
    const line = [PHOENIX, ...args].map((word) => `'${word}'`).join(' ');
    return this.start(['script', '-q', '-e', '-c', line, '/dev/null'], { SHELL: '/bin/sh' }, 'pipe');
  }

  phoenix(...args: string[]): Promise<Ended> {
    return this.run([PHOENIX, ...args]);
  }

  /**
   * From the sources, without the packing. Coverage does not take part: merged with that of the tests' own process it
   * loses lines that were run.
   */
  source(...args: string[]): Promise<Ended> {
    return this.run(
      [process.execPath, `--import=${import.meta.resolve('tsx')}`, `${ROOT}bin/dev.js`, ...args],
      {
        NODE_V8_COVERAGE: '',
      },
    );
  }

  manifest(text: string): void {
    fs.writeFileSync(this.path(MANIFEST), text, { mode: 0o600 });
  }

  /** Every file of the world that may be written to, with its times: what changes here was touched. */
  async snapshot(): Promise<string[]> {
    const { stdout } = await this.run([
      'find',
      ...['/etc', '/srv', '/var/log', '/var/lib', '!', '-path', '/var/lib/phoenix/lock'],
      // Every run leaves its line there.
      ...['!', '-path', '/var/lib/phoenix/history.jsonl'],
      ...['-printf', '%p %y %m %U %G %T@ %C@ %l\\n'],
    ]);
    return stdout.split('\n').sort();
  }
}
