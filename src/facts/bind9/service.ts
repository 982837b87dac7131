/** The running named: whether there is one, and how it is made to read its files again. */
import { setTimeout as pause } from 'node:timers/promises';
import { reasonOf } from '../../engine/reading.ts';
import type { DnsQuestion, Host, HostReader } from '../../host/host.ts';
import { LOOPBACK } from '../addresses.ts';
import { DNS_UNITS } from '../dns-programs.ts';
import { pidIn } from '../pid-file.ts';
import { lastWordsOf } from '../unit-log.ts';

const UNIT = DNS_UNITS.bind9;

export const runningPid = (host: HostReader): string | undefined =>
  pidIn(host, '/run/named/named.pid', 'named');

/** What the server must say once it has read its files. */
export interface Expectation extends DnsQuestion {
  readonly isMet: (records: readonly string[]) => boolean;
  /** For the operator, where it is not met: `zone a.test with serial 5`. */
  readonly what: string;
}

const unmet = async (host: HostReader, all: readonly Expectation[]): Promise<Expectation | undefined> => {
  const answers = await host.askDns(LOOPBACK, all);
  return all.find(({ isMet }, index) => {
    const answer = answers[index];
    return answer?.is !== 'answer' || !isMet(answer.records);
  });
};

const ATTEMPTS = 50;

/** rndc does not wait until the zones are loaded, and says nothing of those that are not. */
const awaitAll = async (host: Host, all: readonly Expectation[]): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    const missing = await unmet(host, all);
    if (missing === undefined) return;
    if (attempt === ATTEMPTS)
      throw new Error(
        `named does not have ${missing.what} after it was reloaded:\n${await lastWordsOf(host, UNIT)}`,
      );
    await pause(100);
  }
};

/** It goes on answering all the while, from what it had; of what is wrong it takes nothing. */
export const reload = async (host: Host, expected: readonly Expectation[]): Promise<void> => {
  try {
    await host.run({ program: 'rndc', args: ['reload'] });
  } catch (error) {
    throw new Error(`named does not reload: ${reasonOf(error)}\n${await lastWordsOf(host, UNIT)}`, {
      cause: error,
    });
  }
  await awaitAll(host, expected);
};
