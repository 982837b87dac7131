import { reasonOf, unknown, type Reading } from '../../engine/reading.ts';
import type { HostReader } from '../../host/host.ts';
import { readBind9, type Bind9 } from './bind9/read.ts';
import { readDnsmasq, type Dnsmasq } from './dnsmasq/read.ts';
import type { Desired } from './schema.ts';

export type Actual = Dnsmasq | Bind9;

export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const readings = new Map<string, Reading<Actual>>();
  for (const want of all)
    try {
      readings.set(want.backend, await { dnsmasq: readDnsmasq, bind9: readBind9 }[want.backend](host, want));
    } catch (error) {
      readings.set(want.backend, unknown(reasonOf(error)));
    }
  return readings;
};
