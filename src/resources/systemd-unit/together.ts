import { reasonOf } from '../../engine/reading.ts';
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

/** All in one process, which reads the unit files again once; one by one if that fails, to know whose fault it is. */
const enableAll = async (
  ops: readonly UnitOp[],
  host: Host,
  failures: Map<string, unknown>,
): Promise<void> => {
  try {
    await systemctl(host, ['enable', '--', ...ops.map(unitOf)]);
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
    if (first.op === 'daemon-reload') await converge(first, host);
    else if (first.op === 'enable' && due.length > 1) await enableAll(due, host, failures);
    else await runPhase(due, host, failures);
  }
  if (failures.size === 0) return;
  const [cause] = failures.values();
  throw new Error([...failures].map(([unit, error]) => `${unit}: ${reasonOf(error)}`).join('\n'), { cause });
};
