/** Who is connected to which share: smbstatus(1), whose `--json` is there since Samba 4.17. */
import { z } from 'zod';
import { sameName } from '../../facts/samba/sections.ts';
import type { CommandFact } from '../../host/host.ts';

const answer = z.object({
  sessions: z.record(z.string(), z.object({ session_id: z.string(), username: z.string() })).default({}),
  tcons: z
    .record(z.string(), z.object({ service: z.string(), session_id: z.string(), machine: z.string() }))
    .default({}),
});

/** `alice from 192.168.1.20`, by share in lower case. */
export const sessions: CommandFact<ReadonlyMap<string, readonly string[]>> = {
  name: 'smbstatus',
  command: { program: 'smbstatus', args: ['--json'], maxOutput: 16 * 1024 * 1024 },
  absent: new Map(),
  parse(stdout) {
    const { sessions: users, tcons } = answer.parse(JSON.parse(stdout));
    const found = new Map<string, string[]>();
    for (const { service, session_id, machine } of Object.values(tcons)) {
      const user = Object.values(users).find((one) => one.session_id === session_id)?.username;
      const known = found.get(sameName(service)) ?? [];
      found.set(sameName(service), [...known, `${user ?? 'somebody'} from ${machine}`]);
    }
    return found;
  },
};
