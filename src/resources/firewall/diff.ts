import type { Finding } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { diffNftables } from './nftables/diff-nftables.ts';
import { diffProxmox } from './proxmox/diff-proxmox.ts';
import type { Actual } from './read.ts';
import type { Desired, FirewallOp } from './schema.ts';

const NOTHING: Actual = { backend: 'nftables', access: { ssh: [], proxmox: [], sessions: [] } };

export const diff = (want: Desired, actual: Known<Actual>): readonly Finding<FirewallOp>[] => {
  const found = actual.is === 'present' ? actual.value : NOTHING;
  return found.backend === 'proxmox' ? diffProxmox(want, found) : diffNftables(want, found);
};
