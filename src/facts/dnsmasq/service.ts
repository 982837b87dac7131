/** The running dnsmasq: whether there is one, and how it is made to read its files again. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Host, HostReader } from '../../host/host.ts';
import { LOOPBACK } from '../addresses.ts';
import { DNS_UNITS } from '../dns-programs.ts';
import { pidIn } from '../pid-file.ts';
import { lastWordsOf } from '../unit-log.ts';
import { markQuestion, SERVER_PART } from './mark.ts';

const UNIT = DNS_UNITS.dnsmasq;
const PID_FILE = '/run/dnsmasq/dnsmasq.pid';

/** Nobody is there, or nobody says anything. */
const isSilence = ({ code }: { readonly code: string }): boolean =>
  code === 'ETIMEOUT' || code === 'ECONNREFUSED';

/** Of the instance that Debian's unit starts, and no other (libvirt has its own). */
export const runningPid = (host: HostReader): string | undefined => pidIn(host, PID_FILE, 'dnsmasq');

/** Whatever it says. */
const answers = async (host: Host): Promise<boolean> => {
  const [answer] = await host.askDns(LOOPBACK, [markQuestion(SERVER_PART)]);
  return answer?.is === 'answer' || (answer?.is === 'no answer' && !isSilence(answer));
};

const ATTEMPTS = 20;

const awaitAnswer = async (host: Host): Promise<void> => {
  for (let attempt = 1; !(await answers(host)); attempt += 1) {
    if (attempt === ATTEMPTS)
      throw new Error(`dnsmasq does not answer at ${LOOPBACK} after it was restarted`);
    await pause(250);
  }
};

/** A little below a second without answers; what was cached is forgotten. */
export const restart = async (host: Host): Promise<void> => {
  // A few restarts in ten seconds would be too many for systemd otherwise; 1: it is not loaded.
  await host.run({ program: 'systemctl', args: ['reset-failed', UNIT], okCodes: [0, 1] });
  try {
    await host.run({ program: 'systemctl', args: ['restart', UNIT] });
  } catch (error) {
    throw new Error(`dnsmasq does not start:\n${await lastWordsOf(host, UNIT)}`, { cause: error });
  }
  await awaitAnswer(host);
};

/** It reads its hosts files again between two queries, so none is lost. */
export const reload = async (host: Host): Promise<void> => {
  await host.run({ program: 'systemctl', args: ['reload', UNIT] });
  // The answer comes after the signal was looked at.
  await awaitAnswer(host);
};
