import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../../engine/reading.ts';
import type { Host } from '../../host/host.ts';
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

/** What is missing in words; undefined when all is offered. A question that fails is an answer too. */
const look = async (host: Host, exports: readonly Exported[]): Promise<string | undefined> => {
  // What is waited for comes from outside, and nothing else tells that a fact is stale.
  host.lookAnew();
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
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const missing = await look(host, exports);
    if (missing === undefined) return;
    const left = deadline - clock.now();
    host.progress(`${Math.ceil(Math.max(0, left) / 1000)} s left; ${missing}`);
    if (left <= 0) throw new Error(`not ready after ${seconds} s: ${missing}\n${await lastWords(host)}`);
    await clock.pause(Math.min(pause, left));
  }
};
