import { absent, present, type Reading } from '../../../engine/reading.ts';
import { LOOPBACK } from '../../../facts/addresses.ts';
import { mainFiles, zoneConf, zoneData } from '../../../facts/bind9/files.ts';
import { isThere, markQuestion } from '../../../facts/bind9/mark.ts';
import { runningPid } from '../../../facts/bind9/service.ts';
import { zonesIn } from '../../../facts/bind9/statements.ts';
import type { HostReader } from '../../../host/host.ts';
import { ask, expectedOf, type Answers } from '../questions.ts';
import { resolveAll, zoneOf } from '../resolved.ts';
import type { Desired } from '../schema.ts';
import { render } from './render.ts';
import { serialIn } from './serial.ts';

export interface Bind9 {
  readonly backend: 'bind9';
  /** Our files of the zone: its statements, and its records. */
  readonly conf?: string;
  readonly data?: string;
  /** Where others have the same zone. */
  readonly foreign: readonly string[];
  readonly runs: boolean;
  /**
   * What the running server says, asked only where the files are right: whether it has read the statements, which
   * version of the data it has (null if it could not load it), and the data that it gives to each question.
   */
  readonly says?: {
    readonly knows: boolean;
    readonly serial: number | null;
    readonly answers: Answers;
  };
}

type Files = Pick<Bind9, 'conf' | 'data'>;

const filesOf = (host: HostReader, zone: string): Files => {
  const conf = host.readFile(zoneConf(zone))?.toString();
  const data = host.readFile(zoneData(zone))?.toString();
  return { ...(conf === undefined ? {} : { conf }), ...(data === undefined ? {} : { data }) };
};

const areRight = (want: Desired, { conf, data }: Files): boolean => {
  const texts = render(want, serialIn(data));
  return want.ensure === 'present' && conf === texts.conf && data === texts.data;
};

/** A zone that it has, and could not load, it answers with SERVFAIL. */
const serialOf = async (host: HostReader, zone: string): Promise<number | null> => {
  const [answer] = await host.askDns(LOOPBACK, [{ name: zone, type: 'SOA' }]);
  if (answer?.is === 'answer') return Number(answer.records[0]?.split(' ')[2] ?? 0);
  if (answer?.code === 'ESERVFAIL') return null;
  throw new Error(`named does not answer SOA of ${zone} at ${LOOPBACK}: ${answer?.code ?? 'nothing'}`);
};

const STRANGER = { knows: false, serial: null, answers: {} };

/** What it has no zone for it would ask others, so that is found out first. */
const askAll = async (host: HostReader, want: Desired, files: Files): Promise<NonNullable<Bind9['says']>> => {
  const mark = markQuestion(files.conf ?? '');
  const [answer] = mark === undefined ? [] : await host.askDns(LOOPBACK, [mark]);
  if (answer?.is === 'no answer') throw new Error(`named does not answer at ${LOOPBACK}: ${answer.code}`);
  if (!isThere(answer)) return STRANGER;
  if (files.data === undefined) return { ...STRANGER, knows: true };
  const serial = await serialOf(host, zoneOf(want));
  if (serial !== serialIn(files.data)) return { knows: true, serial, answers: {} };
  const answers = await ask(host, 'named', expectedOf(resolveAll(want.records, want.name)));
  return { knows: true, serial, answers };
};

const foreignIn = (host: HostReader): { readonly path: string; readonly zone: string }[] =>
  mainFiles(host).flatMap((path) =>
    zonesIn(host.readFile(path)?.toString() ?? '').map((zone) => ({ path, zone })),
  );

/** What all zones have in common is looked at once. */
export const bind9Reader = (host: HostReader): ((want: Desired) => Promise<Reading<Bind9>>) => {
  const others = foreignIn(host);
  const runs = runningPid(host) !== undefined;
  return async (want) => {
    const zone = zoneOf(want);
    const files = filesOf(host, zone);
    const foreign = others.filter((other) => other.zone === zone).map(({ path }) => `${path} has it`);
    if (Object.keys(files).length + foreign.length === 0 && !runs) return absent;
    const says = runs && areRight(want, files) ? { says: await askAll(host, want, files) } : {};
    return present<Bind9>({ backend: 'bind9', ...files, foreign, runs, ...says });
  };
};
