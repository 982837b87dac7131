import { check, goLive } from '../../../facts/dnsmasq/candidate.ts';
import { SERVER_FILE } from '../../../facts/dnsmasq/files.ts';
import { restart } from '../../../facts/dnsmasq/service.ts';
import type { Host } from '../../../host/host.ts';
import type { ServerOp } from '../schema.ts';

export const convergeDnsmasq = async (
  op: Extract<ServerOp, { op: 'write' | 'restart' }>,
  host: Host,
): Promise<void> => {
  if (op.op === 'restart') {
    await check(host, new Map());
    await restart(host);
    return;
  }
  const texts = new Map([[SERVER_FILE, op.text ?? undefined]]);
  await check(host, texts);
  await goLive(host, texts);
};
