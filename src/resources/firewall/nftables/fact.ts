import type { CommandFact } from '../../../host/host.ts';
import { parseListing, type LiveTable } from './listing.ts';
import { TABLE } from './table.ts';

const THERE_IS_NONE = /^Error: No such file or directory$/m;

/** Our table in the kernel, without counters (-s). Others are not looked at: they may be large. */
export const liveTable: CommandFact<LiveTable | undefined> = {
  name: 'nft list table inet phoenix',
  command: {
    program: 'nft',
    args: ['-j', '-s', 'list', 'table', 'inet', TABLE],
    okCodes: [0, 1],
    maxOutput: 16 * 1024 * 1024,
  },
  absent: undefined,
  parse(stdout, { code, stderr }) {
    if (code === 0) return parseListing(stdout);
    if (THERE_IS_NONE.test(stderr)) return undefined;
    throw new Error(`nft cannot list table inet ${TABLE}: ${stderr.trim()}`);
  },
};
