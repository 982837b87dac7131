import { absent, present, readEach, type Reading } from '../../engine/reading.ts';
import { ONLY_FOR_V3, readNfsd, type Nfsd } from '../../facts/nfsd.ts';
import type { HostReader } from '../../host/host.ts';
import { rpcPorts, type Ports } from './facts.ts';
import type { Desired } from './schema.ts';
import { OUR_FILE, overridesOf, type Override } from './settings.ts';

export type V3Unit = (typeof ONLY_FOR_V3)[number];

export const KEY = 'nfs-server';

export interface Actual {
  /** Our file. */
  readonly file?: string;
  readonly overrides: readonly Override[];
  /** In the running kernel; undefined while the server does not run. */
  readonly live?: Pick<Nfsd, 'threads' | 'versions'>;
  /** Units that NFSv3 needs and that somebody has masked. */
  readonly masked?: readonly V3Unit[];
  /** Only of programs whose port is declared, and only where they run. */
  readonly ports: Readonly<Record<string, readonly number[]>>;
}

/** As `systemctl mask` does it. */
const maskedIn = (host: HostReader): V3Unit[] =>
  ONLY_FOR_V3.filter((unit) => host.lstat(`/etc/systemd/system/${unit}`)?.target === '/dev/null');

/** Of a server that does not run only statd may be there already. */
const declaresPorts = ({ ports }: Desired, nfsd: Nfsd | undefined): boolean =>
  (nfsd === undefined ? [ports.statd] : Object.values(ports)).some((port) => port !== undefined);

const portsOf = (want: Desired, ports: Ports | undefined): Actual['ports'] =>
  Object.fromEntries(
    Object.entries(want.ports).flatMap(([program, port]) => {
      const found = ports?.get(program);
      return port === undefined || found === undefined ? [] : [[program, [...found].sort((a, b) => a - b)]];
    }),
  );

const readOne = (
  host: HostReader,
  want: Desired,
  nfsd: Nfsd | undefined,
  ports: Ports | undefined,
): Reading<Actual> => {
  const file = host.readFile(OUR_FILE)?.toString();
  const masked = maskedIn(host);
  if (file === undefined && nfsd === undefined && ports === undefined) return absent;
  return present<Actual>({
    ...(file === undefined ? {} : { file }),
    ...(masked.length === 0 ? {} : { masked }),
    overrides: want.ensure === 'present' ? overridesOf(host, want) : [],
    ...(nfsd === undefined ? {} : { live: { threads: nfsd.threads, versions: nfsd.versions } }),
    ports: portsOf(want, ports),
  });
};

export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const nfsd = readNfsd(host);
  const ports = all.some((want) => declaresPorts(want, nfsd)) ? await host.fact(rpcPorts) : undefined;
  return readEach(
    all,
    () => KEY,
    (want) => readOne(host, want, nfsd, ports),
  );
};
