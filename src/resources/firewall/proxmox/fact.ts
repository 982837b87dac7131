import type { CommandFact } from '../../../host/host.ts';

/** `enabled/running`, or `disabled/stopped` and so on, as `pve-firewall status` has it; it may add what is pending. */
export const firewallStatus: CommandFact<string | undefined> = {
  name: 'pve-firewall status',
  command: { program: 'pve-firewall', args: ['status'] },
  absent: undefined,
  parse(stdout) {
    const status = /^Status: (\S+)(?: \(.*\))?$/m.exec(stdout)?.[1];
    if (status === undefined)
      throw new Error(`pve-firewall status: expected a status, found "${stdout.trim()}"`);
    return status;
  },
};
