import { reasonOf } from '../../../engine/reading.ts';
import { SomeFailed } from '../../../engine/some-failed.ts';
import { check, checkZone, goLive, type Texts } from '../../../facts/bind9/candidate.ts';
import { OPTIONS, PATTERN, zoneConf, zoneData } from '../../../facts/bind9/files.ts';
import { markQuestion } from '../../../facts/bind9/mark.ts';
import { reload, type Expectation } from '../../../facts/bind9/service.ts';
import type { Host, HostReader } from '../../../host/host.ts';
import type { ZoneOp } from '../schema.ts';
import { nextSerial, serialIn, withSerial } from './serial.ts';

type Write = Extract<ZoneOp, { op: 'write-bind9' }>;
type Reload = Extract<ZoneOp, { op: 'reload-bind9' }>;

/** What is written is always newer than what was ever there. */
const raised = (host: HostReader, { zone, data }: Write): string | undefined => {
  if (data === null) return undefined;
  const before = Math.max(serialIn(data), serialIn(host.readFile(zoneData(zone))?.toString()));
  return withSerial(data, nextSerial(before, Math.floor(Date.now() / 1000)));
};

const textsOf = (host: HostReader, op: Write): Texts =>
  new Map([
    // First the records: a restart in between finds them there.
    [zoneData(op.zone), raised(host, op)],
    [zoneConf(op.zone), op.conf ?? undefined],
  ]);

const knows = (zone: string, conf: string | undefined): Expectation[] => {
  const question = markQuestion(conf ?? '');
  return question === undefined
    ? []
    : [{ ...question, isMet: (records) => records.length > 0, what: `the statements of zone ${zone}` }];
};

const hasData = (zone: string, data: string | undefined): Expectation[] => {
  if (data === undefined) return [];
  const serial = String(serialIn(data));
  return [
    {
      name: zone,
      type: 'SOA',
      isMet: ([soa]) => soa?.split(' ')[2] === serial,
      what: `zone ${zone} with serial ${serial}`,
    },
  ];
};

const expectations = (zone: string, texts: Texts): Expectation[] => [
  ...knows(zone, texts.get(zoneConf(zone))),
  ...hasData(zone, texts.get(zoneData(zone))),
];

const mustInclude = (host: HostReader): void => {
  if (!(host.readFile(OPTIONS)?.toString() ?? '').includes(`include "${PATTERN}"`))
    throw new Error(
      `${OPTIONS} does not include ${PATTERN}, so named would not read the zone; declare a DnsServer with backend: bind9`,
    );
};

const checkOne = async (host: Host, zone: string, texts: Texts): Promise<void> => {
  const data = texts.get(zoneData(zone));
  if (data !== undefined) await checkZone(host, zone, data);
  if (texts.get(zoneConf(zone)) !== undefined) mustInclude(host);
};

/** Those whose records named takes, and why it does not take the others. */
const sift = async (
  host: Host,
  ops: readonly Write[],
): Promise<{ readonly good: Map<string, Texts>; readonly failures: Map<string, string> }> => {
  const good = new Map<string, Texts>();
  const failures = new Map<string, string>();
  for (const op of ops)
    try {
      const texts = textsOf(host, op);
      await checkOne(host, op.zone, texts);
      good.set(op.zone, texts);
    } catch (error) {
      if (ops.length === 1) throw error;
      failures.set(op.zone, reasonOf(error));
    }
  return { good, failures };
};

const writeAll = async (host: Host, zones: ReadonlyMap<string, Texts>): Promise<void> => {
  if (zones.size === 0) return;
  const texts: Texts = new Map([...zones.values()].flatMap((one) => [...one]));
  await check(host, texts);
  await goLive(
    host,
    texts,
    [...zones].flatMap(([zone, one]) => expectations(zone, one)),
  );
};

const reloadAll = async (host: Host, ops: readonly Reload[]): Promise<void> => {
  if (ops.length === 0) return;
  mustInclude(host);
  await check(host, new Map());
  await reload(
    host,
    ops.flatMap(({ zone }) => knows(zone, host.readFile(zoneConf(zone))?.toString())),
  );
};

/** All zones with one reload, in which no query is lost. */
export const convergeBind9 = async (ops: readonly ZoneOp[], host: Host): Promise<void> => {
  const { good, failures } = await sift(
    host,
    ops.filter((op) => op.op === 'write-bind9'),
  );
  await writeAll(host, good);
  await reloadAll(
    host,
    ops.filter((op) => op.op === 'reload-bind9'),
  );
  if (failures.size > 0) throw new SomeFailed(failures);
};
