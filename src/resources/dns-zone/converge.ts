import type { Host } from '../../host/host.ts';
import { convergeBind9 } from './bind9/converge.ts';
import { convergeDnsmasq } from './dnsmasq/converge.ts';
import type { ZoneOp } from './schema.ts';

const isOfBind9 = ({ op }: ZoneOp): boolean => op.endsWith('-bind9');

export const convergeTogether = async (ops: readonly ZoneOp[], host: Host): Promise<void> => {
  const [bind9, dnsmasq] = [ops.filter(isOfBind9), ops.filter((op) => !isOfBind9(op))];
  if (bind9.length > 0) await convergeBind9(bind9, host);
  if (dnsmasq.length > 0) await convergeDnsmasq(dnsmasq, host);
};
