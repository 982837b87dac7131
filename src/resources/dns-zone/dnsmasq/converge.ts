import { check, goLive, type Texts } from '../../../facts/dnsmasq/candidate.ts';
import { hostsFile, zoneFile } from '../../../facts/dnsmasq/files.ts';
import { reload, restart } from '../../../facts/dnsmasq/service.ts';
import { reasonOf } from '../../../engine/reading.ts';
import { SomeFailed } from '../../../engine/some-failed.ts';
import type { Host } from '../../../host/host.ts';
import type { ZoneOp } from '../schema.ts';

type Write = Extract<ZoneOp, { op: 'write' }>;

const textsOf = (ops: readonly Write[]): Texts =>
  new Map(
    ops.flatMap(({ zone, conf, hosts }): [string, string | undefined][] => [
      // First the addresses: a restart finds them there.
      [hostsFile(zone), hosts ?? undefined],
      [zoneFile(zone), conf ?? undefined],
    ]),
  );

interface Sifted {
  readonly good: readonly Write[];
  /** By zone. */
  readonly failures: ReadonlyMap<string, string>;
}

/** Those that dnsmasq takes, and why it does not take the others: one by one only if there is something wrong. */
const sift = async (host: Host, ops: readonly Write[]): Promise<Sifted> => {
  const failures = new Map<string, string>();
  try {
    if (ops.length > 0) await check(host, textsOf(ops));
    return { good: ops, failures };
  } catch (error) {
    if (ops.length === 1) throw error;
  }
  const good: Write[] = [];
  for (const op of ops)
    try {
      await check(host, textsOf([...good, op]));
      good.push(op);
    } catch (error) {
      failures.set(op.zone, reasonOf(error));
    }
  return { good, failures };
};

/** All zones with one restart or reload. */
export const convergeDnsmasq = async (ops: readonly ZoneOp[], host: Host): Promise<void> => {
  const { good, failures } = await sift(
    host,
    ops.filter((op) => op.op === 'write'),
  );
  await goLive(host, textsOf(good));
  if (ops.some(({ op }) => op === 'restart')) await restart(host);
  else if (ops.some(({ op }) => op === 'reload')) await reload(host);
  if (failures.size > 0) throw new SomeFailed(failures);
};
