import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../../engine/reading.ts';
import type { Fact, Host, HostReader } from '../../host/host.ts';
import { shortfallOf, tell } from './offer.ts';
import type { Exported } from './schema.ts';

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/** Time, so that tests need none. */
export interface Clock {
  now(): number;
  pause(milliseconds: number): Promise<void>;
}

const realClock: Clock = { now: () => Date.now(), pause: (milliseconds) => sleep(milliseconds) };

/** A reader without a memory: what is waited for comes from outside, and nothing tells that a fact is stale. */
const looking = (host: Host): HostReader => ({
  lstat: (path) => host.lstat(path),
  readFile: (path) => host.readFile(path),
  readFileInHostileGround: (path) => host.readFileInHostileGround(path),
  lstatInHostileGround: (path) => host.lstatInHostileGround(path),
  readDirectory: (path) => host.readDirectory(path),
  blockDevice: (path) => host.blockDevice(path),
  secret: (ref) => host.secret(ref),
  async fact<T>(fact: Fact<T>): Promise<T> {
    if ('path' in fact) {
      const content = host.readFile(fact.path);
      return content === undefined ? fact.absent : fact.parse(content.toString());
    }
    const result = await host.run(fact.command);
    return fact.parse(result.stdout, result);
  },
});

/** What is missing in words; undefined when all is offered. A question that fails is an answer too. */
const look = async (host: HostReader, exports: readonly Exported[]): Promise<string | undefined> => {
  try {
    const shortfall = await shortfallOf(host, exports);
    return shortfall && tell(shortfall);
  } catch (error) {
    return reasonOf(error);
  }
};

const lastWords = async (host: Host): Promise<string> => {
  const { stdout } = await host.run({
    program: 'systemctl',
    args: ['status', '--no-pager', '--lines=5', '--', 'nfs-server.service', 'nfs-mountd.service'],
    // 3: not running
    okCodes: [0, 1, 2, 3, 4],
  });
  return stdout.trim();
};

/** Asks until all is offered, less and less often; at the deadline says what is missing, and what systemd knows. */
export const wait = async (
  host: Host,
  exports: readonly Exported[],
  seconds: number,
  clock: Clock = realClock,
): Promise<void> => {
  const deadline = clock.now() + seconds * 1000;
  const reader = looking(host);
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const missing = await look(reader, exports);
    if (missing === undefined) return;
    const left = deadline - clock.now();
    if (left <= 0) throw new Error(`not ready after ${seconds} s: ${missing}\n${await lastWords(host)}`);
    await clock.pause(Math.min(pause, left));
  }
};
