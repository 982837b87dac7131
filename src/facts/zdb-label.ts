import type { CommandFact } from '../host/host.ts';

/** What a label of ZFS says about the pool that a device was last in. */
export interface ZfsLabel {
  readonly pool: string;
  readonly guid: string;
  /** In the words of an operator: exported, destroyed… */
  readonly state: string;
  readonly host?: string;
}

/** pool_state_t of OpenZFS's fs/zfs.h. 0 is a pool that was not exported: in use, or its host went down. */
const STATES = ['not exported', 'exported', 'destroyed', 'hot spare', 'cache device'];

const valueOf = (stdout: string, name: string): string | undefined =>
  new RegExp(`^ {4}${name}: '?(.*?)'?$`, 'm').exec(stdout)?.[1];

/** The label on a device (zdb(8), which only reads). Undefined if there is none that can be read. */
export const zfsLabelOn = (path: string): CommandFact<ZfsLabel | undefined> => ({
  name: `zdb -l ${path}`,
  command: { program: 'zdb', args: ['-l', path], okCodes: [0, 1, 2] },
  absent: undefined,
  parse: (stdout) => {
    const state = STATES[Number(valueOf(stdout, 'state') ?? NaN)];
    const pool = valueOf(stdout, 'name');
    // A spare's label knows no pool.
    if (state === undefined) return undefined;
    const host = valueOf(stdout, 'hostname');
    return {
      pool: pool ?? 'unknown',
      guid: valueOf(stdout, 'pool_guid') ?? 'unknown',
      state,
      ...(host === undefined ? {} : { host }),
    };
  },
});
