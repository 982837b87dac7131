/** What a unit said last, for the operator. */
import type { Host } from '../host/host.ts';

export const lastWordsOf = async (host: Host, unit: string): Promise<string> => {
  const args = ['--unit', unit, '--lines=8', '--output=cat', '--no-pager'];
  return (await host.run({ program: 'journalctl', args, okCodes: [0, 1] })).stdout.trim();
};
