import { reasonOf } from '../../engine/reading.ts';
import { SomeFailed } from '../../engine/some-failed.ts';
import type { Host } from '../../host/host.ts';
import { converge } from './converge.ts';
import type { UnitOp } from './schema.ts';
import { systemctl } from './systemctl.ts';

/** The order of one unit's ops; so that many units need one daemon-reload, and one process to enable them. */
const PHASES: readonly (readonly UnitOp['op'][])[] = [
  ['unmask'],
  ['stop'],
  ['disable'],
  ['write', 'remove', 'restore'],
  ['daemon-reload'],
  ['mask'],
  ['enable'],
  ['start'],
  ['restart', 'reload'],
];

const unitOf = (op: UnitOp): string => ('unit' in op ? op.unit : '');

/** Runs one phase; tells of each failure by the unit it is about. */
const runPhase = async (
  ops: readonly UnitOp[],
  host: Host,
  failures: Map<string, unknown>,
): Promise<void> => {
  for (const op of ops) {
    try {
      await converge(op, host);
    } catch (error) {
      failures.set(unitOf(op), error);
    }
  }
};

/** systemctl reads the unit files again at the end of each of these: for all units once, if it is given all of them. */
const AT_ONCE: ReadonlySet<UnitOp['op']> = new Set(['enable', 'disable']);

const isOrdinary = (op: UnitOp): boolean => AT_ONCE.has(op.op) && !('runtime' in op && op.runtime);

/** One process for all; one by one if that fails, to know whose fault it is. */
const runAtOnce = async (
  ops: readonly UnitOp[],
  host: Host,
  failures: Map<string, unknown>,
): Promise<void> => {
  const [first] = ops;
  if (first === undefined || ops.length === 1) {
    await runPhase(ops, host, failures);
    return;
  }
  try {
    await systemctl(host, [first.op, '--', ...ops.map(unitOf)]);
  } catch {
    await runPhase(ops, host, failures);
  }
};

/** What one unit suffers does not keep the others from their part. */
export const convergeTogether = async (ops: readonly UnitOp[], host: Host): Promise<void> => {
  const failures = new Map<string, unknown>();
  for (const phase of PHASES) {
    const due = ops.filter((op) => phase.includes(op.op) && !failures.has(unitOf(op)));
    const [first] = due;
    if (first === undefined) continue;
    if (first.op === 'daemon-reload') {
      await converge(first, host);
      continue;
    }
    await runAtOnce(due.filter(isOrdinary), host, failures);
    await runPhase(
      due.filter((op) => !isOrdinary(op)),
      host,
      failures,
    );
  }
  if (failures.size === 0) return;
  const [cause] = failures.values();
  throw new SomeFailed(new Map([...failures].map(([unit, error]) => [unit, reasonOf(error)])), cause);
};
