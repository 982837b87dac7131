import { fetchOnly, parseAllSources } from '../../facts/apt/run.ts';
import { isEnabled, stanzasOf } from '../../facts/apt/sources.ts';
import { convergeOwnFile, orBringBack } from '../../facts/own-file.ts';
import { withCandidate } from '../../facts/scratch.ts';
import type { Host } from '../../host/host.ts';
import type { SourceOp } from './schema.ts';

type WriteOp = Extract<SourceOp, { op: 'write' }>;

const isActive = (text: string): boolean =>
  stanzasOf(text).some(({ fields }) => isEnabled(fields.get('enabled')));

/**
 * Its lists are fetched before it is live: a source that does not answer would make every later `apt-get update` fail,
 * also that of the security updates. So the old file stays until the new one has been proved.
 */
const write = async (op: WriteOp, host: Host): Promise<void> => {
  const name = op.path.slice(op.path.lastIndexOf('/') + 1);
  if (isActive(op.text)) await withCandidate(host, name, op.text, (candidate) => fetchOnly(host, candidate));
  await orBringBack(
    host,
    op.path,
    () => convergeOwnFile(op, host),
    () => parseAllSources(host),
  );
};

export const converge = async (op: SourceOp, host: Host): Promise<void> => {
  if (op.op === 'fetch') await fetchOnly(host, op.path);
  else if (op.op === 'write') await write(op, host);
  else await convergeOwnFile(op, host);
};
