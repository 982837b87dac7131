/** What no back end does. */
import type { Refusal } from '../../engine/action.ts';

export const refuseConflicts = (conflicts: readonly string[]): Refusal => ({
  refuses: `settings of others cannot stand beside ours; take them out: ${conflicts.join('; ')}`,
  changes: [{ path: 'configuration', from: conflicts, to: null }],
});

export const refuseHolders = (holders: readonly string[], by: string): Refusal => ({
  refuses:
    `port 53 is in use by ${holders.join(', ')}; stop it, or have it listen elsewhere ` +
    '(systemd-resolved: DNSStubListener=no)',
  changes: [{ path: 'port 53', from: holders, to: by }],
});
