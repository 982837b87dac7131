/** What `apt-get -s` says it would do. */

export interface Change {
  readonly name: string;
  readonly from?: string;
  readonly to: string;
}

export interface Simulation {
  readonly installs: readonly Change[];
  readonly removals: readonly string[];
  readonly held: readonly string[];
  /** Named, and left as they are. */
  readonly newest: readonly string[];
}

const INSTALL = /^Inst (\S+) (?:\[([^\]]*)\] )?\((\S+)/gm;
/** A purge is `Purg`, any other removal `Remv` (apt 2.6, 3.0). */
const REMOVAL = /^(?:Remv|Purg) (\S+)/gm;
const NEWEST = /^(\S+) is already the newest version/gm;
const HELD = /^The following held packages will be changed:\n((?: .*\n)+)/m;

const firstGroups = (pattern: RegExp, text: string): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '');

export const parseSimulation = (stdout: string): Simulation => ({
  installs: [...stdout.matchAll(INSTALL)].map(([, name = '', from, to = '']) => ({
    name,
    ...(from === undefined ? {} : { from }),
    to,
  })),
  removals: firstGroups(REMOVAL, stdout),
  held: (HELD.exec(stdout)?.[1] ?? '').split(/\s+/).filter((name) => name !== ''),
  newest: firstGroups(NEWEST, stdout),
});
