import { absent, present, type Reading } from '../../../engine/reading.ts';
import { foreignLines, hostsFile, zoneFile, type Line } from '../../../facts/dnsmasq/files.ts';
import { markQuestion, zonePart } from '../../../facts/dnsmasq/mark.ts';
import { runningPid } from '../../../facts/dnsmasq/service.ts';
import type { HostReader } from '../../../host/host.ts';
import { ask, keyOf, type Answers } from '../questions.ts';
import { zoneOf } from '../resolved.ts';
import type { Desired } from '../schema.ts';
import { foreignTo } from './foreign.ts';
import { dnsmasqExpects } from './questions.ts';
import { render } from './render.ts';

export interface Dnsmasq {
  readonly backend: 'dnsmasq';
  /** Our files of the zone. */
  readonly conf?: string;
  readonly hosts?: string;
  /** Lines of others about the zone or its names. */
  readonly foreign: readonly string[];
  readonly runs: boolean;
  /**
   * What the running server says, asked only where the files are right: which version of the zone's file it has, and
   * to each question, by name and type, the data that it gives.
   */
  readonly says?: {
    readonly mark: string | null;
    readonly answers: Answers;
  };
}

const filesOf = (host: HostReader, zone: string): Pick<Dnsmasq, 'conf' | 'hosts'> => {
  const conf = host.readFile(zoneFile(zone))?.toString();
  const hosts = host.readFile(hostsFile(zone))?.toString();
  return { ...(conf === undefined ? {} : { conf }), ...(hosts === undefined ? {} : { hosts }) };
};

const areRight = (want: Desired, { conf, hosts }: Pick<Dnsmasq, 'conf' | 'hosts'>): boolean => {
  const texts = render(want);
  return want.ensure === 'present' && conf === texts.conf && hosts === texts.hosts;
};

const askAll = async (host: HostReader, want: Desired): Promise<NonNullable<Dnsmasq['says']>> => {
  const mark = markQuestion(zonePart(zoneOf(want)));
  const { [keyOf(mark)]: marks, ...answers } = await ask(host, 'dnsmasq', [mark, ...dnsmasqExpects(want)]);
  return { mark: marks?.[0] ?? null, answers };
};

const readOne = async (
  host: HostReader,
  want: Desired,
  lines: readonly Line[],
  runs: boolean,
): Promise<Reading<Dnsmasq>> => {
  const files = filesOf(host, zoneOf(want));
  const foreign = want.ensure === 'absent' ? [] : foreignTo(want, lines);
  if (Object.keys(files).length + foreign.length === 0 && !runs) return absent;
  const says = runs && areRight(want, files) ? { says: await askAll(host, want) } : {};
  return present<Dnsmasq>({ backend: 'dnsmasq', ...files, foreign, runs, ...says });
};

/** What all zones have in common is looked at once. */
export const dnsmasqReader = (host: HostReader): ((want: Desired) => Promise<Reading<Dnsmasq>>) => {
  const lines = foreignLines(host);
  const runs = runningPid(host) !== undefined;
  return (want) => readOne(host, want, lines, runs);
};
