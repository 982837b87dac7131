import { absent, present, reasonOf, unknown, type Reading } from '../../engine/reading.ts';
import { foreignLines, hostsFile, zoneFile, type Line } from '../../facts/dnsmasq/files.ts';
import { markQuestion, zonePart } from '../../facts/dnsmasq/mark.ts';
import { LOOPBACK, runningPid } from '../../facts/dnsmasq/service.ts';
import type { HostReader } from '../../host/host.ts';
import { foreignTo } from './foreign.ts';
import { expectedOf } from './questions.ts';
import { render, zoneOf } from './render.ts';
import type { Desired } from './schema.ts';

export interface Actual {
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
    readonly answers: Readonly<Record<string, readonly string[]>>;
  };
}

const filesOf = (host: HostReader, zone: string): Pick<Actual, 'conf' | 'hosts'> => {
  const conf = host.readFile(zoneFile(zone))?.toString();
  const hosts = host.readFile(hostsFile(zone))?.toString();
  return { ...(conf === undefined ? {} : { conf }), ...(hosts === undefined ? {} : { hosts }) };
};

const areRight = (want: Desired, { conf, hosts }: Pick<Actual, 'conf' | 'hosts'>): boolean => {
  const texts = render(want);
  return want.ensure === 'present' && conf === texts.conf && hosts === texts.hosts;
};

/** In this process, and all questions of the zone together. */
const ask = async (host: HostReader, want: Desired): Promise<NonNullable<Actual['says']>> => {
  const questions = [markQuestion(zonePart(zoneOf(want))), ...expectedOf(want)];
  const answers = await host.askDns(LOOPBACK, questions);
  const said = questions.map(({ name, type }, index): [string, readonly string[]] => {
    const answer = answers[index];
    if (answer?.is === 'answer') return [`${name} ${type}`, answer.records];
    throw new Error(
      `dnsmasq does not answer ${type} of ${name} at ${LOOPBACK}: ${answer?.code ?? 'nothing'}`,
    );
  });
  const [mark, ...rest] = said;
  return { mark: mark?.[1][0] ?? null, answers: Object.fromEntries(rest) };
};

const readOne = async (
  host: HostReader,
  want: Desired,
  lines: readonly Line[],
  runs: boolean,
): Promise<Reading<Actual>> => {
  const files = filesOf(host, zoneOf(want));
  const foreign = want.ensure === 'absent' ? [] : foreignTo(want, lines);
  if (Object.keys(files).length + foreign.length === 0 && !runs) return absent;
  const says = runs && areRight(want, files) ? { says: await ask(host, want) } : {};
  return present<Actual>({ ...files, foreign, runs, ...says });
};

export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const lines = foreignLines(host);
  const runs = runningPid(host) !== undefined;
  const readings = new Map<string, Reading<Actual>>();
  for (const want of all)
    try {
      readings.set(zoneOf(want), await readOne(host, want, lines, runs));
    } catch (error) {
      readings.set(zoneOf(want), unknown(reasonOf(error)));
    }
  return readings;
};
