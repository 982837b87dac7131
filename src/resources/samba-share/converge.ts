import { SomeFailed } from '../../engine/some-failed.ts';
import { reasonOf } from '../../engine/reading.ts';
import { writeSections } from '../../facts/samba/candidate.ts';
import { includeIn, MAIN, OURS, readSambaFiles } from '../../facts/samba/files.ts';
import type { Host } from '../../host/host.ts';
import { obstacleTo } from './obstacle.ts';
import type { ShareOp } from './schema.ts';

/** By the name of the share: why it was not carried out. */
type Failures = Map<string, string>;

const obstacleOf = async (op: ShareOp, host: Host): Promise<string | undefined> => {
  if (op.op === 'remove') return undefined;
  const obstacle = op.needs === undefined ? undefined : await obstacleTo(host, op.needs);
  if (obstacle !== undefined) return obstacle;
  return includeIn(readSambaFiles(host).main) === 'missing'
    ? `${MAIN} does not include ${OURS}, so the share would not be seen; declare a SambaServer`
    : undefined;
};

const write = async (host: Host, ops: readonly ShareOp[]): Promise<void> => {
  await writeSections(host, new Map(ops.map((op) => [op.name, op.op === 'write' ? op.lines : undefined])));
};

/** All at once, for one look of testparm; one by one only if it finds something wrong. */
const sift = async (host: Host, ops: readonly ShareOp[], failures: Failures): Promise<void> => {
  try {
    await write(host, ops);
    return;
  } catch (error) {
    const [only] = ops;
    if (only !== undefined && ops.length === 1) failures.set(only.name, reasonOf(error));
  }
  if (ops.length > 1) for (const op of ops) await sift(host, [op], failures);
};

/** Only when the configuration has them no more, or clients would be back at once. */
const disconnect = async (host: Host, names: readonly string[]): Promise<void> => {
  if (names.length === 0) return;
  await host.run({ program: 'smbcontrol', args: ['all', 'reload-config'] });
  // 1: smbd does not run, so nobody is connected
  for (const name of names)
    await host.run({ program: 'smbcontrol', args: ['smbd', 'close-share', name], okCodes: [0, 1] });
};

export const convergeTogether = async (ops: readonly ShareOp[], host: Host): Promise<void> => {
  const failures: Failures = new Map();
  for (const op of ops) {
    const obstacle = await obstacleOf(op, host);
    if (obstacle !== undefined) failures.set(op.name, obstacle);
  }
  const due = ops.filter(({ name }) => !failures.has(name));
  if (due.length > 0) await sift(host, due, failures);
  const gone = due.filter(({ op, name }) => op === 'remove' && !failures.has(name));
  await disconnect(
    host,
    gone.map(({ name }) => name),
  );
  if (failures.size > 0) throw new SomeFailed(failures);
};
