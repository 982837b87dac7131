import { absent, present, type Reading } from '../../../engine/reading.ts';
import { foreignLines, SERVER_FILE } from '../../../facts/dnsmasq/files.ts';
import { markQuestion, SERVER_PART } from '../../../facts/dnsmasq/mark.ts';
import { LOOPBACK } from '../../../facts/addresses.ts';
import { runningPid } from '../../../facts/dnsmasq/service.ts';
import { holdersOfPort53 } from '../../../facts/port-53.ts';
import type { HostReader } from '../../../host/host.ts';
import { conflictsWith } from './conflicts.ts';
import { addressesOf } from './render.ts';
import type { Desired } from '../schema.ts';

export interface Dnsmasq {
  readonly backend: 'dnsmasq';
  /** Our file. */
  readonly text?: string;
  /** What others have set that ours cannot stand beside. */
  readonly conflicts: readonly string[];
  /** Who else has the port. */
  readonly holders: readonly string[];
  /** Which version of our file the running server has; not there while it does not run. */
  readonly inUse?: string | null;
}

const markInUse = async (host: HostReader): Promise<string | null> => {
  const [answer] = await host.askDns(LOOPBACK, [markQuestion(SERVER_PART)]);
  return answer?.is === 'answer' ? (answer.records[0] ?? null) : null;
};

export const readDnsmasq = async (host: HostReader, want: Desired): Promise<Reading<Dnsmasq>> => {
  const text = host.readFile(SERVER_FILE)?.toString();
  if (want.ensure === 'absent' && text === undefined) return absent;
  const pid = runningPid(host);
  const addresses = [...addressesOf(want), ...(want.authority?.listen ?? [])];
  return present<Dnsmasq>({
    backend: 'dnsmasq',
    ...(text === undefined ? {} : { text }),
    conflicts: conflictsWith(foreignLines(host)),
    holders: holdersOfPort53(host, addresses, pid),
    ...(pid === undefined ? {} : { inUse: await markInUse(host) }),
  });
};
