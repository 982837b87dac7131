import { reasonOf, unknown, type Reading } from '../../engine/reading.ts';
import type { HostReader } from '../../host/host.ts';
import { bind9Reader, type Bind9 } from './bind9/read.ts';
import { dnsmasqReader, type Dnsmasq } from './dnsmasq/read.ts';
import { zoneOf } from './resolved.ts';
import type { Desired } from './schema.ts';

export type Actual = Dnsmasq | Bind9;

const READERS = { dnsmasq: dnsmasqReader, bind9: bind9Reader };

const readWith = async (
  host: HostReader,
  backend: Desired['backend'],
  all: readonly Desired[],
): Promise<[zone: string, reading: Reading<Actual>][]> => {
  if (all.length === 0) return [];
  const readOne = READERS[backend](host);
  const readings: [string, Reading<Actual>][] = [];
  for (const want of all)
    try {
      readings.push([zoneOf(want), await readOne(want)]);
    } catch (error) {
      readings.push([zoneOf(want), unknown(reasonOf(error))]);
    }
  return readings;
};

export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> =>
  new Map([
    ...(await readWith(
      host,
      'dnsmasq',
      all.filter(({ backend }) => backend === 'dnsmasq'),
    )),
    ...(await readWith(
      host,
      'bind9',
      all.filter(({ backend }) => backend === 'bind9'),
    )),
  ]);
